package dev.agentserver.gateway.facts;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A gRPC server that answers each method of the bookstore with what a case says, and remembers
/// what it was sent.
final class PlayedService extends HandlerRegistry implements AutoCloseable {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Server server;
  private final List<DynamicMessage> received = new CopyOnWriteArrayList<>();
  private volatile String called = "";
  private volatile Metadata metadata = new Metadata();
  private volatile Fact fact = new Fact(java.util.Map.of());

  PlayedService() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(new HealthStatusManager().getHealthService())
            .fallbackHandlerRegistry(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  void play(Fact next) {
    received.clear();
    called = "";
    fact = next;
  }

  /// The method that was called; empty where none was.
  String called() {
    return called;
  }

  List<DynamicMessage> received() {
    return received;
  }

  @Nullable String header(String name) {
    return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String name, @Nullable String authority) {
    var method =
        Macros.CONTRACTS.services().stream()
            .flatMap(service -> service.getMethods().stream())
            .filter(each -> name.equals(each.getService().getFullName() + "/" + each.getName()))
            .findFirst();
    return method.map(each -> definition(name, each)).orElse(null);
  }

  private ServerMethodDefinition<DynamicMessage, byte[]> definition(
      String name, com.google.protobuf.Descriptors.MethodDescriptor method) {
    var wire =
        MethodDescriptor.<DynamicMessage, byte[]>newBuilder()
            .setFullMethodName(name)
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setRequestMarshaller(
                new Requests(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(new Responses())
            .build();
    ServerCallHandler<DynamicMessage, byte[]> handler =
        (call, headers) -> {
          called = method.getName();
          metadata = headers;
          call.request(Integer.MAX_VALUE);
          return new ServerCall.Listener<>() {
            @Override
            public void onMessage(DynamicMessage message) {
              received.add(message);
            }

            @Override
            public void onHalfClose() {
              answer(call, method.getOutputType().getFullName());
            }
          };
        };
    return ServerMethodDefinition.create(wire, handler);
  }

  private void answer(ServerCall<DynamicMessage, byte[]> call, String type) {
    var answers = Fact.list(fact.get("answers"));
    if (!answers.isEmpty() || fact.is("open")) {
      call.sendHeaders(new Metadata());
    }
    for (var answer : answers) {
      var json = answer instanceof String text ? Macros.text(text) : Json.write(answer);
      call.sendMessage(Macros.message(fact.text("as", type), json).toByteArray());
    }
    end(call, Fact.list(fact.get("status")));
  }

  private void end(ServerCall<DynamicMessage, byte[]> call, List<Object> status) {
    var trailers = new Metadata();
    if (fact.is("details")) {
      trailers.put(DETAILS, details());
    }
    var end =
        status.isEmpty()
            ? io.grpc.Status.OK
            : io.grpc.Status.fromCodeValue((Integer) status.get(0))
                .withDescription(status.get(1).toString());
    call.close(end, trailers);
  }

  private byte[] details() {
    var details = Status.newBuilder();
    try {
      JsonFormat.parser()
          .usingTypeRegistry(Macros.CONTRACTS.types())
          .merge(Json.write(fact.map("details")), details);
    } catch (InvalidProtocolBufferException wrong) {
      throw new IllegalArgumentException(fact.id(), wrong);
    }
    return details.build().toByteArray();
  }

  private record Requests(DynamicMessage prototype)
      implements MethodDescriptor.Marshaller<DynamicMessage> {
    @Override
    public InputStream stream(DynamicMessage value) {
      return new ByteArrayInputStream(value.toByteArray());
    }

    @Override
    public DynamicMessage parse(InputStream stream) {
      try {
        return prototype.getParserForType().parseFrom(stream);
      } catch (InvalidProtocolBufferException damaged) {
        throw new UncheckedIOException(damaged);
      }
    }
  }

  private record Responses() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("a server reads no responses");
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
