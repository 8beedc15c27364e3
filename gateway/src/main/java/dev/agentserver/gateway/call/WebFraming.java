package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// gRPC-Web: browsers see no trailers, so the status is a last frame of the body. In the text form
/// each frame is base64 on its own, with its padding.
///
/// @param textIn whether the request's body is base64
/// @param textOut whether the response's is
public record WebFraming(boolean textIn, boolean textOut) implements Framing {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text+proto";
  private static final int TRAILERS = 0x80;

  @Override
  public String name() {
    return textOut ? "grpc-web-text" : "grpc-web";
  }

  @Override
  public PieceDecoder decoder() {
    if (!textIn) {
      return piece -> piece;
    }
    return new Base64Pieces();
  }

  @Override
  public ResponseHeaders headers(Metadata metadata) {
    var headers = ResponseHeaders.builder(HttpStatus.OK).add("content-type", type());
    HeaderMetadata.copy(metadata, headers);
    return headers.build();
  }

  @Override
  public HttpData message(byte[] message) {
    return data(Frames.frame(0, message));
  }

  @Override
  public HttpObject end(HttpHeaders status) {
    var lines = new StringBuilder();
    status.forEach((name, value) -> lines.append(name).append(':').append(value).append("\r\n"));
    return data(Frames.frame(TRAILERS, lines.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public ResponseHeaders only(HttpHeaders status) {
    return ResponseHeaders.builder(HttpStatus.OK)
        .add("content-type", type())
        .add(status)
        .endOfStream(true)
        .build();
  }

  private String type() {
    return textOut ? TEXT : BINARY;
  }

  private HttpData data(byte[] frame) {
    return HttpData.wrap(textOut ? Base64.getEncoder().encode(frame) : frame);
  }
}
