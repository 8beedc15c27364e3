package dev.agentserver.kit.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A failed call as it goes out: its status, and the details in its trailers, with a reason in any
/// case.
record Failure(Status status, Metadata trailers, String reason) {
  static Failure of(Throwable fault) {
    return of(Faults.status(fault), new Metadata());
  }

  /// Completes what a handler closed its call with. Services that are not ours, and grpc-java
  /// itself, give no reason.
  static Failure of(Status status, Metadata trailers) {
    var details = StatusProto.fromStatusAndTrailers(status, trailers);
    var reason = reason(details);
    if (reason != null) {
      return new Failure(status, trailers, reason);
    }
    var general = ErrorReasons.general(status.getCode());
    if (general.equals("INTERNAL")) {
      return of(Faults.internal(status.asRuntimeException()), trailers);
    }
    var description =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    return of(ProblemMapper.status(general, description, Map.of()), trailers);
  }

  private static Failure of(com.google.rpc.Status details, Metadata trailers) {
    var exception = StatusProto.toStatusRuntimeException(details);
    var own = exception.getTrailers();
    if (own != null) {
      trailers.merge(own);
    }
    var reason = reason(details);
    return new Failure(exception.getStatus(), trailers, reason == null ? "INTERNAL" : reason);
  }

  static @Nullable String reason(com.google.rpc.@Nullable Status details) {
    if (details == null) {
      return null;
    }
    try {
      for (var detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
      return null;
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException("an ErrorInfo of ours cannot be read", damaged);
    }
  }
}
