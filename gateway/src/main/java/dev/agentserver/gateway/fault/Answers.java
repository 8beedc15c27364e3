package dev.agentserver.gateway.fault;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.agentserver.common.v1.ErrorReason;
import io.grpc.Metadata;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns how a call to a service ended into a fault, so that each has an ErrorInfo, and none tells
/// of addresses or of the gateway's inside.
public final class Answers {
  /// Where the details of a status travel.
  public static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final Supplier<String> errorIds;

  /// @param errorIds names faults of the gateway in its log
  public Answers(Supplier<String> errorIds) {
    this.errorIds = errorIds;
  }

  /// @param byService whether the service sent this end, or the connection or the deadline made it
  /// @param upstream what the service is called
  public Fault fault(io.grpc.Status end, Metadata trailers, boolean byService, String upstream) {
    if (byService) {
      return Fault.of(complete(sent(end, trailers)));
    }
    return switch (end.getCode()) {
      case UNAVAILABLE -> {
        // The health check says so once, at a level that is heard; this would say it for each call.
        LOG.debug("{} does not answer: {}", upstream, end.getDescription(), end.getCause());
        yield Fault.unavailable(upstream);
      }
      case DEADLINE_EXCEEDED ->
          Fault.of(
              ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
              "the deadline passed before " + upstream + " answered",
              Map.of());
      case CANCELLED -> cancelled();
      case RESOURCE_EXHAUSTED ->
          Fault.of(ErrorReason.ERROR_REASON_TOO_LARGE, "the reply is too large", Map.of());
      case UNIMPLEMENTED -> Fault.unknown("the method");
      case OK,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          internal("a call to " + upstream + " ended with " + end, end.getCause());
    };
  }

  /// Nobody waits for the answer any more.
  public Fault cancelled() {
    return Fault.of(ErrorReason.ERROR_REASON_CANCELLED, "the call was cancelled", Map.of());
  }

  /// A fault of ours: what happened goes to the log under an id, the id goes to the caller.
  public Fault internal(String what, @Nullable Throwable cause) {
    var id = errorIds.get();
    LOG.error("error {}: {}", id, what, cause);
    return Fault.of(
        ErrorReason.ERROR_REASON_INTERNAL,
        "an internal error happened; its id is " + id,
        Map.of("error_id", id));
  }

  private static Status sent(io.grpc.Status end, Metadata trailers) {
    var details = trailers.get(DETAILS);
    if (details != null) {
      try {
        var status = Status.parseFrom(details);
        if (status.getCode() == end.getCode().value()) {
          return status;
        }
      } catch (InvalidProtocolBufferException damaged) {
        LOG.warn("a service sent a grpc-status-details-bin that cannot be read", damaged);
      }
    }
    var message = end.getDescription();
    return Status.newBuilder()
        .setCode(end.getCode().value())
        .setMessage(message == null ? "" : message)
        .build();
  }

  /// Adds the ErrorInfo that a service left out, where the registry has a reason that says no more
  /// than the code does.
  private static Status complete(Status status) {
    var reason = reason(status);
    if (reason.isEmpty() || Details.errorInfo(status).isPresent()) {
      return status;
    }
    return status.toBuilder().addDetails(Any.pack(Fault.info(reason.get(), Map.of()))).build();
  }

  private static Optional<ErrorReason> reason(Status status) {
    return switch (io.grpc.Status.fromCodeValue(status.getCode()).getCode()) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> Optional.of(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
      case NOT_FOUND -> Optional.of(ErrorReason.ERROR_REASON_NOT_FOUND);
      case ALREADY_EXISTS -> Optional.of(ErrorReason.ERROR_REASON_ALREADY_EXISTS);
      case PERMISSION_DENIED -> Optional.of(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
      case UNAUTHENTICATED -> Optional.of(ErrorReason.ERROR_REASON_UNAUTHENTICATED);
      case RESOURCE_EXHAUSTED -> Optional.of(ErrorReason.ERROR_REASON_OVERLOADED);
      case UNIMPLEMENTED -> Optional.of(ErrorReason.ERROR_REASON_UNIMPLEMENTED);
      case UNAVAILABLE -> Optional.of(ErrorReason.ERROR_REASON_UNAVAILABLE);
      case DEADLINE_EXCEEDED -> Optional.of(ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED);
      case CANCELLED -> Optional.of(ErrorReason.ERROR_REASON_CANCELLED);
      case UNKNOWN, INTERNAL, DATA_LOSS -> Optional.of(ErrorReason.ERROR_REASON_INTERNAL);
      case OK, FAILED_PRECONDITION, ABORTED -> Optional.empty();
    };
  }
}
