package dev.agentserver.kit.problem;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What can go wrong in a way the caller is told about. Each kind names a reason of the registry in
/// `common/v1/error_reason.proto`, which carries the status it travels with.
public sealed interface Problem {
  /// The resource does not exist, or the caller may not know that it does.
  record NotFound(String resource, String id) implements Problem {}

  /// The id, or another value that must be unique, is taken.
  record AlreadyExists(String resource, String id) implements Problem {}

  /// The request breaks rules; each violation names its field.
  record Invalid(List<Violation> violations) implements Problem {}

  /// A rule of the resource forbids it. `reason` is a name in the registry, `facts` become the
  /// metadata.
  record Refused(String reason, String message, Map<String, String> facts) implements Problem {}

  /// The etag sent is not the current one.
  record Stale(String resource, String id, String etag) implements Problem {}

  /// The caller lacks a permission.
  record Denied(String permission) implements Problem {}

  /// There is no valid credential. `reason` is UNAUTHENTICATED or TOKEN_EXPIRED.
  record Unauthenticated(String reason, String message) implements Problem {}

  /// A bound of this process is reached.
  record Overloaded(String limit, Duration retryAfter) implements Problem {}

  /// What somebody may store or use is used up. `quota` says whose: "user" or "tenant".
  record QuotaExceeded(String quota, String subject, String what, long limit) implements Problem {}

  /// Something this process needs does not answer.
  record Unavailable(String dependency, Duration retryAfter) implements Problem {}

  /// One broken rule. `field` is a path as protobuf writes it, for example `parts[3].text`.
  record Violation(String field, String message) {}

  /// The short form for one broken rule.
  static ProblemException invalid(String field, String message) {
    return new Invalid(List.of(new Violation(field, message))).raise();
  }

  /// Wraps the problem for throwing.
  default ProblemException raise() {
    return new ProblemException(this);
  }
}
