package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Postgres;
import java.sql.SQLException;
import java.time.Duration;

/// One connection that asks a question, again and again.
public record Statement(Postgres postgres, String sql) implements Driver {
  @Override
  public Done run(Duration time) {
    var watch = new Stopwatch();
    try (var connection = postgres.connect();
        var statement = connection.prepareStatement(sql)) {
      var end = System.nanoTime() + time.toNanos();
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            rows.getString(1);
          }
        }
        watch.good(1, System.nanoTime() - now);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
    return watch.done();
  }
}
