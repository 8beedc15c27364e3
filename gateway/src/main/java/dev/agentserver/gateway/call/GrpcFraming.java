package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Metadata;

/// gRPC over HTTP/2: the status travels in trailers.
public record GrpcFraming() implements Framing {
  private static final String TYPE = "application/grpc+proto";

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public PieceDecoder decoder() {
    return piece -> piece;
  }

  @Override
  public ResponseHeaders headers(Metadata metadata) {
    var headers = ResponseHeaders.builder(HttpStatus.OK).add("content-type", TYPE);
    HeaderMetadata.copy(metadata, headers);
    return headers.build();
  }

  @Override
  public HttpData message(byte[] message) {
    return HttpData.wrap(Frames.frame(0, message));
  }

  @Override
  public HttpObject end(HttpHeaders status) {
    return status;
  }

  @Override
  public ResponseHeaders only(HttpHeaders status) {
    return ResponseHeaders.builder(HttpStatus.OK)
        .add("content-type", TYPE)
        .add(status)
        .endOfStream(true)
        .build();
  }
}
