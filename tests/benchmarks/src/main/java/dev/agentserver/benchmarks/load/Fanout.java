package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Makes things happen in one conversation, and waits until every watcher has heard of each. A
/// request is a delivery: one event at one watcher. A latency is that of an event: from the call
/// that makes it, which is before its commit, until the last watcher has it.
public final class Fanout implements Driver {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SETTLED = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 6;

  private final Arrivals arrivals;
  private final LongSupplier event;
  private final int ahead;
  private final Duration interval;

  /// @param event makes one happen, and returns its number
  /// @param ahead how many may be on their way at once
  public Fanout(Arrivals arrivals, LongSupplier event, int ahead) {
    this(arrivals, event, ahead, Duration.ZERO);
  }

  /// The same at a fixed pace.
  ///
  /// @param interval how long after one the next begins, at the soonest
  public Fanout(Arrivals arrivals, LongSupplier event, int ahead, Duration interval) {
    this.arrivals = arrivals;
    this.event = event;
    this.ahead = ahead;
    this.interval = interval;
  }

  /// Waits until all watchers are there: until something reaches all of them.
  public void settle() {
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (heard(event.getAsLong(), SETTLED) >= 0) {
        return;
      }
    }
    throw new IllegalStateException("not all watchers hear what happens");
  }

  @Override
  public Done run(Duration time) {
    var watch = new Stopwatch();
    var free = new Semaphore(ahead);
    var end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (System.nanoTime() < end) {
        free.acquireUninterruptibly();
        threads.submit(
            () -> {
              one(watch);
              free.release();
            });
        LockSupport.parkNanos(interval.toNanos());
      }
    }
    return watch.done();
  }

  private void one(Stopwatch watch) {
    var begin = System.nanoTime();
    var heard = heard(event.getAsLong(), PATIENCE);
    if (heard < 0) {
      watch.bad();
    } else {
      watch.good(arrivals.watchers(), heard - begin);
    }
  }

  /// When the last watcher had it; -1 when somebody did not get it in time.
  private long heard(long seq, Duration patience) {
    try {
      return arrivals.complete(seq).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return -1;
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }
}
