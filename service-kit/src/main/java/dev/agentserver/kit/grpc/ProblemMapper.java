package dev.agentserver.kit.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.AlreadyExists;
import dev.agentserver.kit.problem.Problem.Denied;
import dev.agentserver.kit.problem.Problem.Invalid;
import dev.agentserver.kit.problem.Problem.NotFound;
import dev.agentserver.kit.problem.Problem.Overloaded;
import dev.agentserver.kit.problem.Problem.QuotaExceeded;
import dev.agentserver.kit.problem.Problem.Refused;
import dev.agentserver.kit.problem.Problem.Stale;
import dev.agentserver.kit.problem.Problem.Unauthenticated;
import dev.agentserver.kit.problem.Problem.Unavailable;
import dev.agentserver.kit.problem.Problem.Violation;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Turns a problem into the status that callers see: `google.rpc.Status` with an ErrorInfo whose
/// reason is in the registry.
public final class ProblemMapper {
  static final String DOMAIN = "agentserver";

  private ProblemMapper() {}

  public static StatusRuntimeException of(Problem problem) {
    return StatusProto.toStatusRuntimeException(status(problem));
  }

  static Status status(Problem problem) {
    return switch (problem) {
      case NotFound(var resource, var id) ->
          status(
              "NOT_FOUND",
              resource + " " + id + " does not exist",
              Map.of("resource", resource, "id", id));
      case AlreadyExists(var resource, var id) ->
          status(
              "ALREADY_EXISTS",
              resource + " " + id + " exists already",
              Map.of("resource", resource, "id", id));
      case Invalid(var violations) ->
          status("INVALID_ARGUMENT", summary(violations), Map.of(), badRequest(violations));
      case Refused(var reason, var message, var facts) -> refused(reason, message, facts);
      case Stale(var resource, var id, var etag) ->
          status(
              "STALE_VERSION",
              resource + " " + id + " has changed: its etag is now " + etag,
              Map.of("resource", resource, "id", id, "etag", etag));
      case Denied(var permission) ->
          status(
              "PERMISSION_DENIED",
              "the caller lacks " + permission,
              Map.of("permission", permission));
      case Unauthenticated(var reason, var message) -> status(reason, message, Map.of());
      case Overloaded(var limit, var delay) ->
          status(
              "OVERLOADED",
              "the limit " + limit + " is reached; retry later",
              Map.of("limit", limit),
              retry(delay));
      case QuotaExceeded(var quota, var subject, var what, var limit) ->
          status(
              "QUOTA_EXCEEDED",
              "the " + quota + " has no room: " + what,
              Map.of("quota", quota, "limit_bytes", Long.toString(limit)),
              quota(subject, what));
      case Unavailable(var dependency, var delay) ->
          status(
              "UNAVAILABLE",
              dependency + " does not answer; retry later",
              Map.of("dependency", dependency),
              retry(delay));
    };
  }

  /// A request that is wrong in one place says where as every wrong request does.
  private static Status refused(String reason, String message, Map<String, String> facts) {
    var field = facts.get("field");
    return field == null || ErrorReasons.code(reason) != Code.INVALID_ARGUMENT
        ? status(reason, message, facts)
        : status(reason, message, facts, badRequest(List.of(new Violation(field, message))));
  }

  static Status status(String reason, String message, Map<String, String> facts, Message... more) {
    var info =
        ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).putAllMetadata(facts).build();
    var status =
        Status.newBuilder()
            .setCode(ErrorReasons.code(reason).getNumber())
            .setMessage(message)
            .addDetails(Any.pack(info));
    for (var detail : more) {
      status.addDetails(Any.pack(detail));
    }
    var requestId = RequestId.current();
    if (!requestId.isEmpty()) {
      status.addDetails(Any.pack(RequestInfo.newBuilder().setRequestId(requestId).build()));
    }
    return status.build();
  }

  private static String summary(List<Violation> violations) {
    return violations.stream()
        .map(
            violation ->
                violation.field().isEmpty()
                    ? violation.message()
                    : violation.field() + ": " + violation.message())
        .collect(Collectors.joining("; "));
  }

  private static BadRequest badRequest(List<Violation> violations) {
    var details = BadRequest.newBuilder();
    violations.forEach(
        violation ->
            details
                .addFieldViolationsBuilder()
                .setField(violation.field())
                .setDescription(violation.message()));
    return details.build();
  }

  private static QuotaFailure quota(String subject, String what) {
    return QuotaFailure.newBuilder()
        .addViolations(QuotaFailure.Violation.newBuilder().setSubject(subject).setDescription(what))
        .build();
  }

  private static RetryInfo retry(Duration delay) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(delay.getSeconds())
                .setNanos(delay.getNano()))
        .build();
  }
}
