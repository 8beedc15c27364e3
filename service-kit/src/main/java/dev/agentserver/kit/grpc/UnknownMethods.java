package dev.agentserver.kit.grpc;

import dev.agentserver.kit.problem.Problem;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers calls of methods that nobody serves: as grpc-java would, but with a reason.
final class UnknownMethods extends HandlerRegistry {
  private static final MethodDescriptor.Marshaller<byte[]> NOTHING =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          return new byte[0];
        }
      };

  private final CallEnvelope envelope;
  private final RpcMeter meter;

  UnknownMethods(CallEnvelope envelope, RpcMeter meter) {
    this.envelope = envelope;
    this.meter = meter;
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    var method =
        MethodDescriptor.newBuilder(NOTHING, NOTHING)
            .setType(MethodType.UNKNOWN)
            .setFullMethodName(name)
            .build();
    return ServerMethodDefinition.create(method, envelope.around(meter, refuse(name)));
  }

  private static ServerCallHandler<byte[], byte[]> refuse(String name) {
    return (ServerCall<byte[], byte[]> call, Metadata _) -> {
      var failure =
          Failure.of(
              new Problem.Refused("UNIMPLEMENTED", "there is no method " + name, Map.of()).raise());
      call.close(failure.status(), failure.trailers());
      return new ServerCall.Listener<>() {};
    };
  }
}
