package dev.agentserver.gateway.fault;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.ErrorReason;
import java.util.HashMap;
import java.util.Map;

/// An answer that is not a success, made here or by a service: a google.rpc.Status, which every
/// door writes in its own way. It has no stack trace: a fault is an answer, not a failure of the
/// gateway.
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String DOMAIN = "agentserver";
  private static final String PREFIX = "ERROR_REASON_";

  private final transient Status status;
  private final int http;
  private final transient Map<String, String> headers;

  private Fault(Status status, int http, Map<String, String> headers) {
    super(status.getMessage(), null, false, false);
    this.status = status;
    this.http = http;
    this.headers = Map.copyOf(headers);
  }

  /// What a service answered, or what the gateway made of it.
  public static Fault of(Status status) {
    return new Fault(status, HttpCode.of(status), Map.of());
  }

  /// A fault of one of the reasons in the registry, which says the status it travels with.
  public static Fault of(ErrorReason reason, String message, Map<String, String> facts) {
    return of(status(reason, message, facts));
  }

  /// The request breaks a rule. `field` is a field's path, or the header or part of the request
  /// where there is none.
  public static Fault invalid(String field, String message) {
    var violation = BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message);
    return of(
        status(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, field + " " + message, Map.of())
            .toBuilder()
            .addDetails(Any.pack(BadRequest.newBuilder().addFieldViolations(violation).build()))
            .build());
  }

  /// There is no such route or method.
  public static Fault unknown(String what) {
    return of(ErrorReason.ERROR_REASON_UNIMPLEMENTED, what + " does not exist here", Map.of())
        .as(404);
  }

  /// The method is for clients of gRPC alone.
  public static Fault grpcOnly(Object method) {
    return of(
        ErrorReason.ERROR_REASON_GRPC_ONLY,
        "the method %s is for clients of gRPC: REST, gRPC-Web and WebSockets do not reach it"
            .formatted(method),
        Map.of("method", method.toString()));
  }

  /// A part of the request is larger than allowed.
  public static Fault tooLarge(String what, long limitBytes) {
    return of(
        ErrorReason.ERROR_REASON_TOO_LARGE,
        what + " is larger than the " + limitBytes + " bytes allowed",
        Map.of("limit_bytes", Long.toString(limitBytes)));
  }

  /// Something the gateway needs does not answer.
  public static Fault unavailable(String dependency) {
    var message = dependency + " does not answer at the moment";
    var facts = Map.of("dependency", dependency);
    return of(
        status(ErrorReason.ERROR_REASON_UNAVAILABLE, message, facts).toBuilder()
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(seconds(1)).build()))
            .build());
  }

  /// The caller has reached a limit of its own.
  ///
  /// @param limit its name
  /// @param allowed the most of it
  public static Fault rateLimited(String limit, long allowed, java.time.Duration wait) {
    var facts = Map.of("limit", limit, "allowed", Long.toString(allowed));
    var delay = Duration.newBuilder().setSeconds(wait.toSeconds()).setNanos(wait.getNano());
    return of(
        status(
                ErrorReason.ERROR_REASON_RATE_LIMITED,
                "the limit " + limit + " of " + allowed + " is reached",
                facts)
            .toBuilder()
            .addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()))
            .build());
  }

  public static Fault unauthenticated(String message) {
    return of(ErrorReason.ERROR_REASON_UNAUTHENTICATED, message, Map.of());
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private static Status status(ErrorReason reason, String message, Map<String, String> facts) {
    var code = reason.getValueDescriptor().getOptions().getExtension(AnnotationsProto.status);
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(message)
        .addDetails(Any.pack(info(reason, facts)))
        .build();
  }

  static ErrorInfo info(ErrorReason reason, Map<String, String> facts) {
    return ErrorInfo.newBuilder()
        .setReason(reason.name().substring(PREFIX.length()))
        .setDomain(DOMAIN)
        .putAllMetadata(facts)
        .build();
  }

  /// The same with another HTTP status.
  public Fault as(int httpStatus) {
    return new Fault(status, httpStatus, headers);
  }

  /// The same with a header for REST.
  public Fault with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Fault(status, http, all);
  }

  public Status status() {
    return status;
  }

  public int http() {
    return http;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
