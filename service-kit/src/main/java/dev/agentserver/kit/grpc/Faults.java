package dev.agentserver.kit.grpc;

import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.DatabaseFaults;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever a handler threw into the status that callers see. What we did not foresee is
/// INTERNAL with an id: the cause is logged under that id, once, and nothing of it goes out.
public final class Faults {
  static final Problem LATE =
      new Problem.Refused(
          "DEADLINE_EXCEEDED", "the deadline passed before the call was done", Map.of());
  static final Problem GONE = new Problem.Refused("CANCELLED", "the call was cancelled", Map.of());

  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private Faults() {}

  public static Status status(Throwable fault) {
    return switch (fault) {
      case ProblemException problem -> ProblemMapper.status(problem.problem());
      case Cancelled _ -> ProblemMapper.status(GONE);
      case CancellationException _ -> ProblemMapper.status(GONE);
      case InterruptedException _ -> ProblemMapper.status(GONE);
      case TimeoutException _ -> ProblemMapper.status(LATE);
      case StatusRuntimeException remote -> remote(remote, StatusProto.fromThrowable(remote));
      case StatusException remote -> remote(remote, StatusProto.fromThrowable(remote));
      case Throwable other ->
          DatabaseFaults.problem(other).map(ProblemMapper::status).orElseGet(() -> internal(other));
    };
  }

  /// What another service answered goes on as it is where it carries a reason, but its faults stay
  /// between us.
  private static Status remote(Throwable fault, @Nullable Status status) {
    if (status == null) {
      return internal(fault);
    }
    return switch (Code.forNumber(status.getCode())) {
      case INTERNAL, UNKNOWN, DATA_LOSS, OK -> internal(fault);
      case UNAVAILABLE -> ProblemMapper.status(new Problem.Unavailable("service", RETRY));
      case DEADLINE_EXCEEDED -> ProblemMapper.status(LATE);
      case CANCELLED -> ProblemMapper.status(GONE);
      case null, default -> hasReason(status) ? status : internal(fault);
    };
  }

  /// The reason that a status names; INTERNAL where it names none.
  public static String reason(Status status) {
    var reason = Failure.reason(status);
    return reason == null ? "INTERNAL" : reason;
  }

  static boolean hasReason(Status status) {
    return status.getDetailsList().stream().anyMatch(detail -> detail.is(ErrorInfo.class));
  }

  /// A client that was waited for did nothing.
  static RuntimeException stalled(@Nullable Duration patience) {
    return new Problem.Refused(
            "DEADLINE_EXCEEDED", "the client did nothing for " + patience, Map.of())
        .raise();
  }

  static Status internal(Throwable fault) {
    var errorId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.error("error_id {}: {}", errorId, fault.toString(), fault);
    return ProblemMapper.status(
        "INTERNAL",
        "an internal error occurred; its id is " + errorId,
        Map.of("error_id", errorId));
  }
}
