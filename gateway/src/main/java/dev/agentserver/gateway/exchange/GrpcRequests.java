package dev.agentserver.gateway.exchange;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.agentserver.gateway.call.DoorHeaders;
import dev.agentserver.gateway.contract.Method;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Requests of gRPC made of those of REST. The client's headers go along; two more say what it
/// asked for.
public final class GrpcRequests {
  private static final int PREFIX = 5;

  private GrpcRequests() {}

  /// The frame of the one message of a request.
  public static StreamMessage<HttpData> one(byte[] message) {
    return StreamMessage.of(HttpData.wrap(frame(message)));
  }

  /// @param target the path and query that the client sent
  /// @param client the address of the client
  public static HttpRequest of(
      RequestHeaders headers,
      String target,
      Method method,
      Optional<String> token,
      String client,
      String requestId,
      StreamMessage<HttpData> frames) {
    var up =
        DoorHeaders.up(headers, target, token, client, requestId).toBuilder()
            .method(HttpMethod.POST)
            .path("/" + method.fullName())
            .set("content-type", "application/grpc")
            .set("te", "trailers")
            .set("x-envoy-original-path", target)
            .set("x-envoy-original-method", headers.method().name());
    up.remove("content-length");
    up.remove("content-encoding");
    return HttpRequest.of(up.build(), frames);
  }

  /// A request of gRPC-Web as one of gRPC.
  ///
  /// @param frames its body, decoded
  public static HttpRequest web(
      RequestHeaders headers,
      Optional<String> token,
      String client,
      String requestId,
      byte[] frames) {
    var up =
        DoorHeaders.up(headers, headers.path(), token, client, requestId).toBuilder()
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    if (!up.contains("grpc-accept-encoding")) {
      up.set("grpc-accept-encoding", "identity");
    }
    up.remove("content-length");
    return HttpRequest.of(up.build(), StreamMessage.of(HttpData.wrap(frames)));
  }

  static byte[] frame(byte[] message) {
    return ByteBuffer.allocate(PREFIX + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }
}
