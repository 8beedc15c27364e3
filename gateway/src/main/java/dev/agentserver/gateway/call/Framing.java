package dev.agentserver.gateway.call;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Metadata;

/// How a client of gRPC or gRPC-Web writes messages, and reads them and the status.
public sealed interface Framing permits GrpcFraming, WebFraming {
  /// The name in metrics.
  String name();

  /// A fresh decoder of a request's body: pieces of body in, pieces of frames out.
  PieceDecoder decoder();

  /// The headers before the first message.
  ResponseHeaders headers(Metadata metadata);

  HttpData message(byte[] message);

  /// The last thing in a response whose headers have been sent: trailers, or data.
  HttpObject end(HttpHeaders status);

  /// A response that is nothing but its status.
  ResponseHeaders only(HttpHeaders status);

  /// Undoes what lies between the body and its frames.
  interface PieceDecoder {
    byte[] decode(byte[] piece);

    /// Makes sure that nothing is left over at the end of the body.
    default void finish() {}
  }
}
