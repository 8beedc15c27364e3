package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Account;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Sends calls from this JVM and looks at the answers.
public final class Client implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ConcurrentMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  /// Sends it, waits, and counts it.
  ///
  /// @param since when it should have been sent
  void send(Call call, long since, Stopwatch watch) {
    if (problem(call) == null) {
      watch.good(1, System.nanoTime() - since);
    } else {
      watch.bad();
    }
  }

  /// Sends it, waits, and fails unless it is answered well.
  public void require(Call call) {
    var problem = problem(call);
    if (problem != null) {
      throw new IllegalStateException(call.uri() + " is not answered well: " + problem);
    }
  }

  /// What is wrong with the answer; null when nothing is.
  private @Nullable String problem(Call call) {
    return call.protocol().http2() ? grpc(call) : http(call);
  }

  private @Nullable String grpc(Call call) {
    var uri = call.uri();
    var channel =
        channels.computeIfAbsent(
            uri.getAuthority(), _ -> Account.channel(URI.create("//" + uri.getAuthority())));
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + call.token());
    try {
      var replies =
          ClientCalls.blockingServerStreamingCall(
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
              method(uri.getPath().substring(1)),
              CallOptions.DEFAULT,
              call.message());
      var answered = replies.hasNext();
      replies.forEachRemaining(_ -> {});
      return answered ? null : "there is no reply";
    } catch (StatusRuntimeException failure) {
      return failure.getMessage();
    }
  }

  private @Nullable String http(Call call) {
    var request = HttpRequest.newBuilder(call.uri());
    request.header("authorization", "Bearer " + call.token());
    if (call.body().length > 0) {
      request.header("content-type", call.protocol().contentType());
      request.POST(BodyPublishers.ofByteArray(call.body()));
    }
    try {
      var reply = http.send(request.build(), BodyHandlers.ofByteArray());
      var good =
          reply.statusCode() / 100 == 2
              && (call.protocol() == Call.Protocol.JSON || endsWell(reply.body()));
      return good
          ? null
          : reply.statusCode() + " " + new String(reply.body(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      return failure.toString();
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  /// gRPC-Web ends with a frame of trailers.
  private static boolean endsWell(byte[] body) {
    var tail = new String(body, StandardCharsets.ISO_8859_1);
    return tail.lastIndexOf("grpc-status:0") > 0 || tail.lastIndexOf("grpc-status: 0") > 0;
  }

  /// On the wire one reply is a stream of one.
  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /// Messages as they are.
  private record Bytes() implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Override
  public void close() {
    http.close();
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
