package dev.agentserver.kit.db;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.observe.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;

/// A service's way to its schema, as its runtime role.
///
/// Every call is bounded: a fair queue in front of the pool, the call's deadline on every
/// statement, the role's statement_timeout behind it. Do not call another service, or this class
/// again, inside `read` or `write`: a connection is held there.
public final class Database implements AutoCloseable {
  private static final int MAX_TRIES = 3;

  private final HikariDataSource pool;
  private final Configuration jooq;
  private final Gate gate;
  private final SlowQueries slowQueries;

  static {
    // The banner and the tips are not for a service's log.
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
  }

  private Database(
      HikariDataSource pool, Gate gate, SlowQueries slowQueries, Duration statementTimeout) {
    this.pool = pool;
    this.gate = gate;
    this.slowQueries = slowQueries;
    this.jooq =
        new DefaultConfiguration()
            .set(SQLDialect.POSTGRES)
            .set(() -> new StatementWatch(slowQueries, statementTimeout))
            .set(
                new Settings()
                    .withRenderSchema(false)
                    .withRenderCatalog(false)
                    .withExecuteLogging(false)
                    .withFetchWarnings(false));
  }

  /// Opens the pool. It connects in the background, so a process may start before its PostgreSQL.
  ///
  /// @param metrics gets the pool's gauges and a histogram for each statement; null: none
  public static Database open(DatabaseConfig config, @Nullable Metrics metrics) {
    var pool = Pool.open(config, metrics);
    var gate = new Gate(config.poolSize(), config.acquireTimeout());
    if (metrics != null) {
      metrics.gauge("agentserver_database_waiting", "Calls that wait at the gate", gate::waiting);
    }
    return new Database(pool, gate, new SlowQueries(metrics), config.statementTimeout());
  }

  /// Opens the pool without metrics.
  public static Database open(DatabaseConfig config) {
    return open(config, null);
  }

  /// Runs statements that each commit by themselves, on one connection. One statement is one round
  /// trip; several that must see the same moment need [#snapshot].
  public <T> T read(Function<DSLContext, T> work) {
    return retrying(
        () -> {
          try (var connection = connect()) {
            return work.apply(on(connection));
          } catch (SQLException failure) {
            throw new DataAccessException("close", failure);
          }
        });
  }

  /// Runs one READ COMMITTED transaction: it commits when `work` returns and rolls back when it
  /// throws. After a deadlock, a serialization failure or a connection lost before the commit was
  /// sent, `work` runs again: it must have no effect outside the transaction.
  public <T> T write(Function<DSLContext, T> work) {
    var done = retrying(() -> transact(work));
    done.transaction().committed();
    return done.result();
  }

  /// Runs one read-only REPEATABLE READ transaction: everything that `work` reads is of one moment.
  public <T> T snapshot(Function<DSLContext, T> work) {
    return retrying(
        () -> {
          try (var connection = connect()) {
            return Snapshot.of(connection, () -> work.apply(on(connection)));
          } catch (SQLException failure) {
            throw new DataAccessException("snapshot", failure);
          }
        });
  }

  private DSLContext on(Connection connection) {
    return jooq.derive(new DefaultConnectionProvider(connection)).dsl();
  }

  /// Has `action` run once the transaction is committed, and never when it is not.
  public static void afterCommit(DSLContext db, Runnable action) {
    Transaction.of(db).afterCommit(action);
  }

  private record Done<T>(T result, Transaction transaction) {}

  private <T> Done<T> transact(Function<DSLContext, T> work) {
    try (var connection = connect()) {
      var transaction = new Transaction(connection);
      transaction.begin();
      T result;
      try {
        result = work.apply(jooq.derive(transaction).dsl());
      } catch (Throwable failure) {
        transaction.rollback(failure);
        throw failure;
      }
      transaction.commit();
      return new Done<>(result, transaction);
    } catch (SQLException failure) {
      throw new DataAccessException("close", failure);
    }
  }

  /// The wait at the gate ends when the caller goes away; work on a connection does not, because an
  /// interrupt would break the connection.
  private <T> T retrying(Supplier<T> attempt) {
    gate.enter();
    try {
      return Cancellation.shielded(() -> tries(attempt));
    } finally {
      gate.leave();
    }
  }

  private <T> T tries(Supplier<T> attempt) {
    for (var tries = 1; ; tries++) {
      try {
        return attempt.get();
      } catch (RuntimeException failure) {
        if (!mayTryAgain(failure) || tries == MAX_TRIES) {
          throw failure;
        }
      }
      pause(tries);
    }
  }

  private boolean mayTryAgain(RuntimeException failure) {
    if (!Failures.disconnected(failure)) {
      return Failures.conflicted(failure);
    }
    // A server that went away took every connection along: the idle ones would fail one by one.
    pool.getHikariPoolMXBean().softEvictConnections();
    return !(failure instanceof Transaction.CommitFailed);
  }

  /// Jitter, so that two that met do not meet again.
  private static void pause(int tries) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, 20L * tries));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  private Connection connect() {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException failure) {
      // The pool says the same when every connection is busy and when the server is away.
      if (pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize()) {
        throw Gate.overloaded();
      }
      throw new DataAccessException("connect", failure);
    } catch (SQLException failure) {
      throw new DataAccessException("connect", failure);
    }
  }

  /// The statements of this process and what they took.
  public SlowQueries slowQueries() {
    return slowQueries;
  }

  /// The pool at this moment.
  public PoolState pool() {
    var state = pool.getHikariPoolMXBean();
    return new PoolState(
        pool.getMaximumPoolSize(),
        state == null ? 0 : state.getActiveConnections(),
        gate.waiting() + (state == null ? 0 : state.getThreadsAwaitingConnection()));
  }

  /// @param size the most connections
  /// @param active those in use
  /// @param waiting the calls that wait for one
  public record PoolState(int size, int active, int waiting) {}

  @Override
  public void close() {
    pool.close();
  }
}
