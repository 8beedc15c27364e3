/// What is kept of feature flags, and its rows.
package dev.agentserver.settings.flag.store;
