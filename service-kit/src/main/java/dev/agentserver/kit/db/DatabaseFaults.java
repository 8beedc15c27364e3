package dev.agentserver.kit.db;

import dev.agentserver.kit.problem.Problem;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What failures of PostgreSQL mean to a caller. Everything else of SQL is a fault of ours.
public final class DatabaseFaults {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MAX_DEPTH = 16;

  private DatabaseFaults() {}

  /// The problem behind an exception, however deep it is wrapped; empty when PostgreSQL is not the
  /// reason, or is it by our own mistake.
  public static Optional<Problem> problem(Throwable fault) {
    @Nullable Throwable cause = fault;
    for (var depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof SQLException sql) {
        var problem = problem(sql);
        if (problem.isPresent()) {
          return problem;
        }
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  private static Optional<Problem> problem(SQLException fault) {
    if (fault instanceof SQLTransientConnectionException) {
      return Optional.of(new Problem.Unavailable("database", RETRY));
    }
    if (fault instanceof SQLTimeoutException) {
      return Optional.of(late());
    }
    return switch (fault.getSQLState()) {
      case null -> Optional.empty();
      // query_canceled: the statement's own limit, or our cancel at the deadline.
      case "57014" -> Optional.of(late());
      // read-only: a replica that was promoted away under us, or a full disk made PostgreSQL refuse
      // writes.
      case "25006", "53100", "53200", "53300" ->
          Optional.of(new Problem.Unavailable("database", RETRY));
      case String state when state.startsWith("08") || state.startsWith("57P0") ->
          Optional.of(new Problem.Unavailable("database", RETRY));
      // Conflicts between transactions that retrying did not settle.
      case "40001", "40P01", "55P03" ->
          Optional.of(new Problem.Overloaded("database_conflicts", RETRY));
      case String _ -> Optional.empty();
    };
  }

  private static Problem late() {
    return new Problem.Refused(
        "DEADLINE_EXCEEDED", "the deadline passed before the database was done", Map.of());
  }
}
