package dev.agentserver.gateway.exchange;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.agentserver.gateway.call.DoorHeaders;

/// The headers of a response that is written when its status is known.
final class EndHeaders {
  private EndHeaders() {}

  /// @param headers as the service sent them
  /// @param isConverted whether the body tells the status
  /// @param isStream whether the body is a list
  /// @param contentType what the body is
  static ResponseHeaders of(
      ResponseHeaders headers,
      GrpcStatus status,
      boolean isConverted,
      boolean isStream,
      String contentType,
      int bodyLength) {
    var isTrailersOnly = status.carrier() == headers;
    var builder =
        DoorHeaders.down(headers).toBuilder()
            .endOfStream(false)
            .status(HttpStatus.valueOf(status.http()))
            .set("content-length", Integer.toString(bodyLength));
    builder.remove("trailer");
    if (isConverted) {
      builder.remove(GrpcStatus.STATUS);
      builder.remove(GrpcStatus.MESSAGE);
      builder.remove(GrpcStatus.DETAILS);
    } else if (!isTrailersOnly && status.isValid()) {
      builder.set(GrpcStatus.STATUS, Integer.toString(status.code()));
      var message = status.carrier().get(GrpcStatus.MESSAGE);
      if (message != null) {
        builder.set(GrpcStatus.MESSAGE, message);
      }
    }
    if (isConverted || isStream || !isTrailersOnly) {
      builder.set("content-type", contentType);
    }
    return builder.build();
  }
}
