package dev.agentserver.kit.grpc;

import com.google.protobuf.Message;
import dev.agentserver.kit.problem.Problem;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Makes a gRPC service of plain functions. Handlers block as they like: each call has a virtual
/// thread. What they throw becomes a status; a method without a handler stops the start.
public final class Rpc {
  private final ServiceDescriptor service;
  private final Map<String, ServerMethodDefinition<?, ?>> methods = new LinkedHashMap<>();

  private Rpc(ServiceDescriptor service) {
    this.service = service;
  }

  public static Rpc service(ServiceDescriptor service) {
    return new Rpc(service);
  }

  public <Q, R> Rpc unary(MethodDescriptor<Q, R> method, Function<Q, R> handler) {
    return add(method, MethodType.UNARY, new UnaryCall<>(MethodPolicy.waits(method), handler));
  }

  public <Q, R> Rpc serverStream(MethodDescriptor<Q, R> method, BiConsumer<Q, Sender<R>> handler) {
    return add(
        method,
        MethodType.SERVER_STREAMING,
        new StreamCall<Q, R>(
            method.getFullMethodName(),
            true,
            (receiver, sender) -> handler.accept(only(receiver), sender)));
  }

  public <Q, R> Rpc clientStream(MethodDescriptor<Q, R> method, Function<Receiver<Q>, R> handler) {
    return add(
        method,
        MethodType.CLIENT_STREAMING,
        new StreamCall<Q, R>(
            method.getFullMethodName(),
            false,
            (receiver, sender) -> sender.send(handler.apply(receiver))));
  }

  public <Q, R> Rpc bidiStream(
      MethodDescriptor<Q, R> method, BiConsumer<Receiver<Q>, Sender<R>> handler) {
    return add(
        method,
        MethodType.BIDI_STREAMING,
        new StreamCall<>(method.getFullMethodName(), true, handler));
  }

  /// Fails with IllegalStateException when a method of the service has no handler.
  public ServerServiceDefinition build() {
    var descriptor =
        ServiceDescriptor.newBuilder(service.getName())
            .setSchemaDescriptor(service.getSchemaDescriptor());
    for (var method : service.getMethods()) {
      var served = methods.get(method.getFullMethodName());
      if (served == null) {
        throw new IllegalStateException("no handler for " + method.getFullMethodName());
      }
      descriptor.addMethod(served.getMethodDescriptor());
    }
    var definition = ServerServiceDefinition.builder(descriptor.build());
    methods.values().forEach(definition::addMethod);
    return definition.build();
  }

  private <Q, R> Rpc add(
      MethodDescriptor<Q, R> method, MethodType type, ServerCallHandler<Inbound<Q>, R> handler) {
    var name = method.getFullMethodName();
    if (!service.getMethods().contains(method) || method.getType() != type) {
      throw new IllegalStateException(name + " is no " + type + " method of " + service.getName());
    }
    var prototype = prototype(method);
    Validation.prepare(prototype);
    var marshaller = new Inbound.Marshaller<>(method.getRequestMarshaller(), prototype);
    var guarded = method.toBuilder(marshaller, method.getResponseMarshaller()).build();
    if (methods.put(name, ServerMethodDefinition.create(guarded, handler)) != null) {
      throw new IllegalStateException(name + " has two handlers");
    }
    return this;
  }

  private static Message prototype(MethodDescriptor<?, ?> method) {
    if (method.getRequestMarshaller() instanceof PrototypeMarshaller<?> marshaller
        && marshaller.getMessagePrototype() instanceof Message prototype) {
      return prototype;
    }
    throw new IllegalStateException(method.getFullMethodName() + " does not take a message");
  }

  private static <Q> Q only(Receiver<Q> receiver) {
    var request =
        receiver.next().orElseThrow(() -> Problem.invalid("", "the call carries no request"));
    if (receiver.next().isPresent()) {
      throw Problem.invalid("", "the call carries more than one request");
    }
    return request;
  }
}
