package dev.agentserver.kit.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/// One transaction on one connection, and what is to be done once it is committed.
final class Transaction implements ConnectionProvider {
  /// The commit was sent: whether it was done is not known.
  static final class CommitFailed extends DataAccessException {
    private static final long serialVersionUID = 1L;

    CommitFailed(SQLException cause) {
      super("commit", cause);
    }
  }

  private final Connection connection;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Transaction(Connection connection) {
    this.connection = connection;
  }

  static Transaction of(DSLContext db) {
    if (db.configuration().connectionProvider() instanceof Transaction transaction) {
      return transaction;
    }
    throw new IllegalStateException("not inside Database.write");
  }

  void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void begin() {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException failure) {
      throw new DataAccessException("begin", failure);
    }
  }

  void commit() {
    try {
      connection.commit();
    } catch (SQLException failure) {
      throw new CommitFailed(failure);
    }
  }

  /// A rollback that fails leaves a broken connection, which the pool throws away; the failure that
  /// led here is the one to report.
  void rollback(Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException failure) {
      reason.addSuppressed(failure);
    }
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  @Override
  public Connection acquire() {
    return connection;
  }

  @Override
  public void release(Connection released) {
    // The transaction keeps it until its end.
  }
}
