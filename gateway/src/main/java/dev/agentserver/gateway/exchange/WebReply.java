package dev.agentserver.gateway.exchange;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.agentserver.gateway.call.DoorHeaders;
import dev.agentserver.gateway.call.StatusHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Makes a response of gRPC-Web of one of gRPC while it comes. Of what is no gRPC it makes a
// status.
public final class WebReply {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text+proto";
  private static final int TRAILERS = 0x80;
  private static final int PREFIX = 5;
  private static final int LONGEST_MESSAGE = 16 * 1024;

  private final boolean isText;
  private final ReplyFrames frames;

  private WebReply(boolean isText, int limit) {
    this.isText = isText;
    this.frames = new ReplyFrames(limit);
  }

  /// @param isText whether the client reads base64
  /// @param limit the most bytes of a message
  public static HttpResponse of(HttpResponse upstream, boolean isText, int limit) {
    var reply = new WebReply(isText, limit);
    var split = upstream.split();
    return HttpResponse.of(
        split
            .headers()
            .thenCompose(
                headers ->
                    TranscodedReply.isGrpc(headers)
                        ? CompletableFuture.completedFuture(reply.of(headers, split))
                        : split
                            .body()
                            .collect()
                            .thenApply(body -> HttpResponse.of(reply.status(headers, body)))));
  }

  /// A status that is all there is stays in the headers.
  private HttpResponse of(ResponseHeaders headers, SplitHttpResponse split) {
    var body = split.body().map(this::data);
    var end = split.trailers().thenApply(trailers -> StreamMessage.of(trailers(trailers)));
    return HttpResponse.of(
        headers(headers),
        headers.isEndOfStream() ? body : StreamMessage.concat(body, StreamMessage.of(end)));
  }

  private ResponseHeaders headers(ResponseHeaders headers) {
    return DoorHeaders.down(headers).toBuilder()
        .endOfStream(false)
        .set("content-type", isText ? TEXT : BINARY)
        .build();
  }

  /// In the text form each frame is base64 on its own, with its padding.
  private HttpData data(HttpData data) {
    if (!isText) {
      return data;
    }
    var out = new ByteArrayOutputStream();
    frames.feed(data.array());
    for (var message = frames.next(); message != null; message = frames.next()) {
      out.writeBytes(Base64.getEncoder().encode(GrpcRequests.frame(message)));
    }
    return HttpData.wrap(out.toByteArray());
  }

  private HttpData trailers(HttpHeaders trailers) {
    var lines = new StringBuilder();
    DoorHeaders.trailers(trailers)
        .forEach((name, value) -> lines.append(name).append(':').append(value).append("\r\n"));
    var content = lines.toString().getBytes(StandardCharsets.US_ASCII);
    var frame =
        ByteBuffer.allocate(PREFIX + content.length)
            .put((byte) TRAILERS)
            .putInt(content.length)
            .put(content)
            .array();
    return HttpData.wrap(isText ? Base64.getEncoder().encode(frame) : frame);
  }

  private ResponseHeaders status(ResponseHeaders headers, List<HttpData> body) {
    var text = new StringBuilder();
    body.forEach(piece -> text.append(piece.toStringUtf8()));
    var message = text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
    return headers(headers).toBuilder()
        .status(HttpStatus.OK)
        .set("content-length", "0")
        .set(GrpcStatus.STATUS, Integer.toString(code(headers.status().code())))
        .set(GrpcStatus.MESSAGE, StatusHeaders.percentEncode(message))
        .build();
  }

  private static int code(int http) {
    return switch (http) {
      case 400 -> io.grpc.Status.Code.INTERNAL.value();
      case 401 -> io.grpc.Status.Code.UNAUTHENTICATED.value();
      case 403 -> io.grpc.Status.Code.PERMISSION_DENIED.value();
      case 404 -> io.grpc.Status.Code.UNIMPLEMENTED.value();
      case 429, 502, 503, 504 -> io.grpc.Status.Code.UNAVAILABLE.value();
      default -> io.grpc.Status.Code.UNKNOWN.value();
    };
  }
}
