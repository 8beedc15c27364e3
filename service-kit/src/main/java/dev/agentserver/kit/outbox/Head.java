package dev.agentserver.kit.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The last position that this process knows of, and those who wait for a later one.
final class Head {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private long position;

  /// @return by how much this is later than what was known
  long raise(long to) {
    lock.lock();
    try {
      var step = to - position;
      if (step > 0) {
        position = to;
        raised.signalAll();
      }
      return step;
    } finally {
      lock.unlock();
    }
  }

  boolean awaited() {
    return waiting.get() > 0;
  }

  /// Returns when the head is beyond `after`, or after `patience`.
  void await(long after, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    waiting.incrementAndGet();
    try {
      var left = patience.toNanos();
      while (position <= after && left > 0) {
        left = raised.awaitNanos(left);
      }
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }
}
