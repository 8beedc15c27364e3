package dev.agentserver.kit.db;

import dev.agentserver.kit.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// The right to migrate a schema, which one process has at a time. Flyway's own lock begins only
/// after it has made its history, so that of two processes on an empty schema one may fail.
///
/// The lock is asked for again and again rather than waited for in the database: a statement that
/// waits there holds a snapshot, which `create index concurrently` of the other process would wait
/// for in turn. It ends with the connection, so a process that dies leaves nothing locked.
final class MigrationTurn implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Connection connection;

  private MigrationTurn(Connection connection) {
    this.connection = connection;
  }

  static MigrationTurn await(DatabaseConfig config) {
    var turn = new MigrationTurn(connect(config));
    try {
      while (!turn.taken(config.schema())) {
        pause();
      }
      return turn;
    } catch (RuntimeException failure) {
      turn.close();
      throw failure;
    }
  }

  private static Connection connect(DatabaseConfig config) {
    try {
      return DriverManager.getConnection(
          config.url(), config.ownerUser(), config.ownerPassword().value());
    } catch (SQLException failure) {
      throw new DataAccessException("cannot connect as owner", failure);
    }
  }

  private boolean taken(String schema) {
    return Boolean.TRUE.equals(
        DSL.using(connection, SQLDialect.POSTGRES).select(lock(schema)).fetchSingle().value1());
  }

  private static Field<Boolean> lock(String schema) {
    var key =
        DSL.function(
            "hashtextextended",
            SQLDataType.BIGINT,
            DSL.val("agentserver.migrate." + schema),
            DSL.inline(0L));
    return DSL.function("pg_try_advisory_lock", SQLDataType.BOOLEAN, key);
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("interrupted while another process migrates");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new DataAccessException("close", failure);
    }
  }
}
