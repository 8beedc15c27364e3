package dev.agentserver.gateway.exchange;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import com.linecorp.armeria.common.HttpHeaders;
import dev.agentserver.gateway.fault.HttpCode;
import dev.agentserver.gateway.transcode.route.Unescape;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The status at the end of a response, as its headers or trailers have it.
record GrpcStatus(HttpHeaders carrier, int code) {
  static final String STATUS = "grpc-status";
  static final String MESSAGE = "grpc-message";
  static final String DETAILS = "grpc-status-details-bin";

  private static final int NONE = -1;
  private static final int MOST_KNOWN = 16;
  private static final int UNAVAILABLE = 503;

  static GrpcStatus of(HttpHeaders carrier) {
    var text = carrier.get(STATUS, "");
    return new GrpcStatus(carrier, text.matches("\\d{1,9}") ? Integer.parseInt(text) : NONE);
  }

  /// Whether there is one at all.
  boolean isValid() {
    return code != NONE;
  }

  boolean isError() {
    return code > 0;
  }

  int http() {
    if (!isValid()) {
      return UNAVAILABLE;
    }
    var known = code <= MOST_KNOWN ? io.grpc.Status.fromCodeValue(code) : io.grpc.Status.UNKNOWN;
    return HttpCode.of(known.getCode());
  }

  /// In full, from the details where there are any.
  Status status() {
    var details = details(carrier.get(DETAILS));
    return details == null
        ? Status.newBuilder().setCode(code).setMessage(message()).build()
        : details;
  }

  private static @Nullable Status details(@Nullable String base64) {
    if (base64 == null) {
      return null;
    }
    try {
      return Status.parseFrom(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException | InvalidProtocolBufferException damaged) {
      return null;
    }
  }

  private String message() {
    var encoded = carrier.get(MESSAGE, "");
    try {
      return Unescape.ALL.decode(encoded);
    } catch (CharacterCodingException notText) {
      return encoded;
    }
  }
}
