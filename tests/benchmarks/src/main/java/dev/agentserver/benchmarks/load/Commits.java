package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.system.Postgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// The calibration: eight connections that commit one small row each, again and again. It says what
/// the machine is able to do at that moment.
public final class Commits implements Driver {
  private static final int CONNECTIONS = 8;

  private final Postgres postgres;

  public Commits(Postgres postgres) {
    this.postgres = postgres;
    postgres.run("create schema if not exists calibration");
    postgres.run("create table if not exists calibration.line (n int)");
  }

  @Override
  public Done run(Duration time) {
    var commits = new LongAdder();
    var begin = System.nanoTime();
    Callable<Void> loop = () -> commit(begin + time.toNanos(), commits);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(Stream.generate(() -> loop).limit(CONNECTIONS).toList())) {
        each.get();
      }
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
    return new Done(commits.sum(), 0, Duration.ofNanos(System.nanoTime() - begin));
  }

  private Void commit(long end, LongAdder commits) throws SQLException {
    try (var connection = postgres.connect();
        var insert = connection.prepareStatement("insert into calibration.line values (1)")) {
      do {
        insert.executeUpdate();
        commits.increment();
      } while (System.nanoTime() < end);
    }
    return null;
  }
}
