/// Feature flags: kept as flagd defines them, evaluated in memory, served by the protocols of
/// OpenFeature.
package dev.agentserver.settings.flag;
