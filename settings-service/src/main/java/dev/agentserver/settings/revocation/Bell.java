package dev.agentserver.settings.revocation;

import dev.agentserver.kit.cancel.Cancelled;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells everybody who waits that something was revoked here.
final class Bell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long rings;

  void ring() {
    lock.lock();
    try {
      rings++;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// To be read before one looks, so that no ring is missed between the look and the wait.
  long rings() {
    lock.lock();
    try {
      return rings;
    } finally {
      lock.unlock();
    }
  }

  /// Returns when it has rung since there were `seen`, or after `patience`.
  void await(long seen, Duration patience) {
    lock.lock();
    try {
      var nanos = patience.toNanos();
      while (rings == seen && nanos > 0) {
        nanos = rung.awaitNanos(nanos);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } finally {
      lock.unlock();
    }
  }
}
