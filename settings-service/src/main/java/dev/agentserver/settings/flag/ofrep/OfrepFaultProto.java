package dev.agentserver.settings.flag.ofrep;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.kit.grpc.Faults;
import org.jspecify.annotations.Nullable;

/// What goes wrong beside flags, as HTTP has it.
///
/// @param reason the reason of the registry
/// @param code OFREP's
/// @param retrySeconds when to come again; 0: nobody knows
record OfrepFaultProto(int status, String reason, String code, String message, long retrySeconds) {
  static OfrepFaultProto of(Throwable fault) {
    var status = Faults.status(fault);
    var code = Code.forNumber(status.getCode());
    return new OfrepFaultProto(
        http(code),
        Faults.reason(status),
        code == Code.INVALID_ARGUMENT ? "INVALID_CONTEXT" : "GENERAL",
        status.getMessage(),
        retry(status));
  }

  boolean isRefusal() {
    return status == 401 || status == 403;
  }

  private static int http(@Nullable Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case RESOURCE_EXHAUSTED -> 429;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case null, default -> 500;
    };
  }

  private static long retry(Status status) {
    for (var detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          return Math.max(1, detail.unpack(RetryInfo.class).getRetryDelay().getSeconds());
        } catch (InvalidProtocolBufferException damaged) {
          throw new IllegalStateException("a RetryInfo of ours cannot be read", damaged);
        }
      }
    }
    return 0;
  }
}
