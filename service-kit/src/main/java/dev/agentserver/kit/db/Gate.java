package dev.agentserver.kit.db;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The fair queue in front of the pool, whose own hand-off is not fair: with 256 threads on 8
/// connections it made the slowest wait 4 s for a statement of 2 ms. Who would wait too long, or
/// comes when too many wait already, is refused at once.
final class Gate {
  private static final Duration RETRY_AFTER = Duration.ofMillis(250);

  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int maxWaiting;
  private final Duration patience;

  /// @param poolSize twice as many calls may be inside: one works, the next is at hand
  /// @param patience how long a call may wait at all
  Gate(int poolSize, Duration patience) {
    this.permits = new Semaphore(2 * poolSize, true);
    this.maxWaiting = 32 * poolSize;
    this.patience = patience;
  }

  void enter() {
    try {
      if (!permits.tryAcquire(0, TimeUnit.NANOSECONDS) && !await()) {
        throw overloaded();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  void leave() {
    permits.release();
  }

  int waiting() {
    return waiting.get();
  }

  static RuntimeException overloaded() {
    return new Problem.Overloaded("database", RETRY_AFTER).raise();
  }

  private boolean await() throws InterruptedException {
    try {
      return waiting.incrementAndGet() <= maxWaiting
          && permits.tryAcquire(CallDeadline.within(patience).toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      waiting.decrementAndGet();
    }
  }
}
