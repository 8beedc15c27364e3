/// A configuration with which a stock Envoy takes the gateway's place, made from what the gateway
/// is made of.
@org.jspecify.annotations.NullMarked
package dev.agentserver.gateway.envoy;
