package dev.agentserver.gateway.call;

import dev.agentserver.gateway.contract.Method;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;

/// Where a method is implemented.
///
/// @param channel the connections to the service
/// @param wire the method as gRPC knows it
public record Endpoint(Method method, Channel channel, MethodDescriptor<byte[], byte[]> wire) {

  static Endpoint of(Method method, Channel channel) {
    var wire =
        MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
            .setFullMethodName(method.fullName())
            .setType(type(method))
            .build();
    return new Endpoint(method, channel, wire);
  }

  private static MethodDescriptor.MethodType type(Method method) {
    var streamsUp = method.descriptor().isClientStreaming();
    if (method.descriptor().isServerStreaming()) {
      return streamsUp
          ? MethodDescriptor.MethodType.BIDI_STREAMING
          : MethodDescriptor.MethodType.SERVER_STREAMING;
    }
    return streamsUp
        ? MethodDescriptor.MethodType.CLIENT_STREAMING
        : MethodDescriptor.MethodType.UNARY;
  }
}
