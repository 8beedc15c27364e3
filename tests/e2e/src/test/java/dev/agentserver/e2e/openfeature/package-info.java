/// OpenFeature's own providers, as they are published.
package dev.agentserver.e2e.openfeature;
