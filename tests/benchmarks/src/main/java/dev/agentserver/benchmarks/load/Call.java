package dev.agentserver.benchmarks.load;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request, ready to be sent any number of times.
///
/// @param body what is sent; empty: a GET
public record Call(Protocol protocol, URI uri, byte[] body, String token) {
  /// How it is put on the wire.
  public enum Protocol {
    GRPC("application/grpc"),
    GRPC_WEB("application/grpc-web+proto"),
    JSON("application/json");

    private final String contentType;

    Protocol(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }

    /// gRPC needs HTTP/2; the others get what most clients without TLS speak.
    boolean http2() {
      return this == GRPC;
    }
  }

  private static final int FRAME_HEADER = 5;

  /// A call of a method, for gRPC or gRPC-Web.
  public static Call rpc(
      Protocol protocol,
      URI server,
      MethodDescriptor<?, ?> method,
      MessageLite request,
      String token) {
    var message = request.toByteArray();
    var frame =
        ByteBuffer.allocate(FRAME_HEADER + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    return new Call(protocol, server.resolve("/" + method.getFullMethodName()), frame, token);
  }

  public static Call post(URI server, String path, String json, String token) {
    return new Call(
        Protocol.JSON, server.resolve(path), json.getBytes(StandardCharsets.UTF_8), token);
  }

  public static Call get(URI server, String path, String token) {
    return new Call(Protocol.JSON, server.resolve(path), new byte[0], token);
  }

  /// The request of a gRPC call, without its frame.
  byte[] message() {
    return java.util.Arrays.copyOfRange(body, FRAME_HEADER, body.length);
  }
}
