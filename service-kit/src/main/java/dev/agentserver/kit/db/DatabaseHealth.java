package dev.agentserver.kit.db;

import dev.agentserver.kit.db.tables.Tables;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The state of the database as the service sees it.
///
/// @param latency the round trip of a statement that does nothing
/// @param replicationLag the replay delay of the slowest replica; null without replicas
/// @param longTransactions those of this database that are open for more than a minute
/// @param deadTuples of the service's schema
/// @param unsequenced facts that have no position yet
public record DatabaseHealth(
    Duration latency,
    Database.PoolState pool,
    @Nullable Duration replicationLag,
    int longTransactions,
    long deadTuples,
    String serverVersion,
    int unsequenced) {
  /// Asks for it.
  public static DatabaseHealth of(Database database) {
    return database.read(
        db -> {
          // The first statement of a connection may pay for its opening, so the second is timed.
          var version = db.connectionResult(it -> it.getMetaData().getDatabaseProductVersion());
          var start = System.nanoTime();
          db.selectOne().fetchSingle();
          var latency = Duration.ofNanos(System.nanoTime() - start);
          var health = Tables.DATABASE_HEALTH.call();
          var row = db.selectFrom(health).fetchSingle();
          var lag = row.get(health.REPLICATION_LAG_SECONDS);
          return new DatabaseHealth(
              latency,
              database.pool(),
              lag == null ? null : Duration.ofMillis(Math.round(lag * 1000)),
              row.get(health.LONG_TRANSACTIONS),
              row.get(health.DEAD_TUPLES),
              version,
              row.get(health.UNSEQUENCED));
        });
  }
}
