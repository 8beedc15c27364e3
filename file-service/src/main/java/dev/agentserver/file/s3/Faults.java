package dev.agentserver.file.s3;

import dev.agentserver.kit.problem.Problem;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the store's refusals and silences are to whoever asked.
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  /// The store's name in problems.
  static final String STORE = "object-store";

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(30);
  private static final Set<String> MISSING = Set.of("NoSuchKey", "NoSuchUpload", "NotFound");
  private static final Set<String> FULL =
      Set.of(
          "InsufficientStorage",
          "XMinioStorageFull",
          "QuotaExceeded",
          "XMinioAdminBucketQuotaExceeded");
  private static final Set<String> BUSY =
      Set.of("SlowDown", "SlowDownRead", "SlowDownWrite", "TooManyRequests", "ServiceUnavailable");
  /// Told with status 200 where the store began to answer before it failed: when it joins parts.
  private static final Set<String> FAULTY =
      Set.of("InternalError", "RequestTimeout", "OperationAborted", "NoSuchBucket");

  private static final int FIRST_SERVER_ERROR = 500;
  private static final int FORBIDDEN = 403;

  private Faults() {}

  /// The store's code for a refusal, "" for any other failure.
  static String code(Throwable failure) {
    return root(failure) instanceof ErrorResponseException refused
        ? refused.errorResponse().code()
        : "";
  }

  /// A failure in a word: the store's code, or what happened on the way to it.
  static String word(Throwable failure) {
    var code = code(failure);
    return code.isEmpty() ? root(failure).getClass().getSimpleName() : code;
  }

  /// Whether the object or the upload is not there.
  static boolean isMissing(Throwable failure) {
    return MISSING.contains(code(failure));
  }

  /// The problem that this failure is.
  static RuntimeException of(Throwable failure) {
    var cause = root(failure);
    return switch (cause) {
      case ErrorResponseException refused -> refusal(refused);
      case ServerException broken -> gone(broken);
      case RuntimeException programming -> programming;
      default -> gone(cause);
    };
  }

  /// The store is gone, or slow.
  static RuntimeException gone(Throwable cause) {
    LOG.warn("the object store failed: {}", cause.toString());
    return new Problem.Unavailable(STORE, SOON).raise();
  }

  private static RuntimeException refusal(ErrorResponseException refused) {
    var code = refused.errorResponse().code();
    var status = refused.response().code();
    LOG.warn("the object store refused with {} {}", status, code);
    if (FULL.contains(code)) {
      return new Problem.Overloaded(STORE, LATER).raise();
    }
    if (BUSY.contains(code)) {
      return new Problem.Overloaded(STORE, SOON).raise();
    }
    if (status >= FIRST_SERVER_ERROR || status == FORBIDDEN || FAULTY.contains(code)) {
      return new Problem.Unavailable(STORE, SOON).raise();
    }
    return new IllegalStateException("the object store refused: " + code, refused);
  }

  private static Throwable root(Throwable failure) {
    var cause = failure;
    while ((cause instanceof CompletionException
            || cause instanceof ExecutionException
            || cause.getClass() == io.minio.errors.MinioException.class)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
