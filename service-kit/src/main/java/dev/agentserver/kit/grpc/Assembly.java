package dev.agentserver.kit.grpc;

import dev.agentserver.kit.observe.Metrics;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;

/// Puts envelope and gate around every method of a service, once, at the start.
record Assembly(CallEnvelope envelope, CallGate gate, Metrics metrics, String listener) {
  ServerServiceDefinition guarded(ServerServiceDefinition service) {
    var assembled = ServerServiceDefinition.builder(service.getServiceDescriptor());
    service.getMethods().forEach(method -> assembled.addMethod(guarded(method)));
    return assembled.build();
  }

  private <Q, R> ServerMethodDefinition<Q, R> guarded(ServerMethodDefinition<Q, R> method) {
    var gated = gate.before(method.getMethodDescriptor(), method.getServerCallHandler());
    return method.withServerCallHandler(envelope.around(meter(method), gated));
  }

  /// For the services that grpc-java brings for orchestrators and tools: health and reflection.
  /// Anybody may call them.
  ServerServiceDefinition open(BindableService service) {
    var definition = service.bindService();
    var assembled = ServerServiceDefinition.builder(definition.getServiceDescriptor());
    definition.getMethods().forEach(method -> assembled.addMethod(open(method)));
    return assembled.build();
  }

  private <Q, R> ServerMethodDefinition<Q, R> open(ServerMethodDefinition<Q, R> method) {
    return method.withServerCallHandler(
        envelope.around(meter(method), method.getServerCallHandler()));
  }

  /// All unknown methods count as one: their names come from outside.
  HandlerRegistry unknown() {
    return new UnknownMethods(envelope, new RpcMeter(metrics, "unknown", listener));
  }

  private RpcMeter meter(ServerMethodDefinition<?, ?> method) {
    return new RpcMeter(metrics, method.getMethodDescriptor().getFullMethodName(), listener);
  }
}
