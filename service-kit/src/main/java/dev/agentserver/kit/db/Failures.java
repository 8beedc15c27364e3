package dev.agentserver.kit.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/// What a failed statement says about trying again.
final class Failures {
  private Failures() {}

  /// Whether the server rolled the transaction back and asks for another try: a serialization
  /// failure or a deadlock.
  static boolean conflicted(Throwable failure) {
    var state = state(failure);
    return "40001".equals(state) || "40P01".equals(state);
  }

  /// Whether the connection broke, or the server was going down or coming up. A transaction whose
  /// commit had not been sent has then not happened.
  static boolean disconnected(Throwable failure) {
    var state = state(failure);
    return state != null && (state.startsWith("08") || state.startsWith("57P0"));
  }

  private static @Nullable String state(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      // No connection could be had within the pool's patience: trying again would only wait longer.
      if (cause instanceof SQLTransientConnectionException) {
        return null;
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return null;
  }
}
