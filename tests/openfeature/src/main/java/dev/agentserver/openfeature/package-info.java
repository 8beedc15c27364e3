/// OpenFeature's flagd provider, asked from a process of its own.
package dev.agentserver.openfeature;
