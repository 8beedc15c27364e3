package dev.agentserver.agentrun.run;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;

/// Wakes those of this process who wait for a run, or for something in a queue. What other
/// processes do is found by looking every now and then.
public final class RunBells implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(100);

  private final ConcurrentHashMap<Object, Set<Ear>> ears = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// Somebody who listens to some bells. A ring that comes while nobody waits is kept.
  final class Ear implements AutoCloseable {
    private final Set<Object> keys = new HashSet<>();
    private final Semaphore rung = new Semaphore(0);

    private Ear() {}

    /// Listens to one more bell from now on.
    void hear(Object key) {
      if (keys.add(key)) {
        ears.compute(
            key,
            (_, all) -> {
              var some = all == null ? ConcurrentHashMap.<Ear>newKeySet() : all;
              some.add(this);
              return some;
            });
      }
    }

    /// Listens to a bell no more.
    void ignore(Object key) {
      if (keys.remove(key)) {
        forget(key);
      }
    }

    private void forget(Object key) {
      ears.computeIfPresent(
          key,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }

    /// Rings for this one alone.
    void wake() {
      rung.release();
    }

    /// Returns at a ring, or after `patience`.
    ///
    /// @return whether it rang
    boolean await(Duration patience) {
      if (closed) {
        throw new Problem.Unavailable("runs", RETRY).raise();
      }
      try {
        var rang = rung.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (rang) {
          rung.drainPermits();
        }
        return rang;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new Cancelled();
      }
    }

    @Override
    public void close() {
      keys.forEach(this::forget);
    }
  }

  /// Listens from now on.
  Ear listen(List<?> keys) {
    var ear = new Ear();
    keys.forEach(ear::hear);
    return ear;
  }

  /// Rings once the transaction is committed, and not at all if it is not.
  void ring(DSLContext db, Object key) {
    Database.afterCommit(
        db, () -> ears.getOrDefault(key, Set.of()).forEach(ear -> ear.rung.release()));
  }

  /// Ends every wait with Unavailable: whoever waits goes on elsewhere.
  @Override
  public void close() {
    closed = true;
    ears.values().forEach(all -> all.forEach(ear -> ear.rung.release()));
  }
}
