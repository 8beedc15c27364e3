package dev.agentserver.kit.outbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Says that there may be something to do, and nothing more: rings are not counted.
public final class Doorbell {
  private final Semaphore rung = new Semaphore(0);

  /// Whoever waits, or is the next to, goes on.
  public void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Returns at a ring, also one from before, or after `patience`.
  public void await(Duration patience) throws InterruptedException {
    if (rung.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }
}
