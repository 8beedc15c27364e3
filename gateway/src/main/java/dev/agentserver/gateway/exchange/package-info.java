/// REST as Envoy's filter does it: an HTTP request becomes one of gRPC on its way to the service,
/// and the response becomes JSON on its way back. What is no gRPC passes as it is.
@NullMarked
package dev.agentserver.gateway.exchange;

import org.jspecify.annotations.NullMarked;
