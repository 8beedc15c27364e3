package dev.agentserver.kit.outbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Says that there may be something to do, and nothing more: rings are not counted.
final class Doorbell {
  private final Semaphore rung = new Semaphore(0);

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Returns at a ring, also one from before, or after `patience`.
  void await(Duration patience) throws InterruptedException {
    if (rung.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }
}
