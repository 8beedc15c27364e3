/// The callers: plain HTTP and generated gRPC stubs, as somebody outside would use them.
package dev.agentserver.e2e.client;
