/// Envoy's external authorization: a stock Envoy authenticates with what the services themselves
// use.
@org.jspecify.annotations.NullMarked
package dev.agentserver.settings.envoy;
