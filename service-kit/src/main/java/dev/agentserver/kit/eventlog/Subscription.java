package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Hears one bell. Rings are not counted, and one that comes while nobody waits is kept: who looks
/// at the state after [#await] misses nothing.
public final class Subscription implements AutoCloseable {
  private final Bells bells;
  private final StreamKey key;
  private final Semaphore rung = new Semaphore(0);

  Subscription(Bells bells, StreamKey key) {
    this.bells = bells;
    this.key = key;
  }

  StreamKey key() {
    return key;
  }

  /// Rings for this subscriber only: a feed that looks every now and then has found that it should.
  public void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Returns at a ring, also one from before, or after `patience`.
  ///
  /// @return whether it rang
  public boolean await(Duration patience) {
    try {
      if (!rung.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      rung.drainPermits();
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  @Override
  public void close() {
    bells.leave(this);
  }
}
