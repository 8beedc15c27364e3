package dev.agentserver.kit.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/// A transaction that sees one moment and changes nothing.
final class Snapshot {
  private static final String BEGIN = "set transaction isolation level repeatable read, read only";

  private Snapshot() {}

  /// The level is set for this transaction only: set on the connection, it would have to be taken
  /// back before the pool lends it on.
  static <T> T of(Connection connection, Supplier<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(BEGIN);
    }
    T result;
    try {
      result = work.get();
    } catch (Throwable failure) {
      rollback(connection, failure);
      throw failure;
    }
    connection.rollback();
    return result;
  }

  private static void rollback(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException failure) {
      reason.addSuppressed(failure);
    }
  }
}
