package dev.agentserver.gateway.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A token bucket, which holds a minute's worth and fills evenly. It is one number: the time at
/// which it will be full again, so that nothing has to refill it, and calls that come together
/// settle by one comparison.
final class Bucket {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong fullAt;

  /// A full one.
  Bucket(long now) {
    this.fullAt = new AtomicLong(now);
  }

  /// What is there after a call, or is not.
  ///
  /// @param waitNanos 0: the call may go on
  /// @param fullInNanos when the bucket will be full
  record Level(long waitNanos, long remaining, long fullInNanos) {}

  /// Takes one out, if there is one.
  Level take(long now, int perMinute) {
    var each = MINUTE / perMinute;
    while (true) {
      var before = fullAt.get();
      var missing = Math.max(0, before - now);
      var after = missing + each;
      if (after > MINUTE) {
        return new Level(after - MINUTE, 0, missing);
      }
      if (fullAt.compareAndSet(before, now + after)) {
        return new Level(0, (MINUTE - after) / each, after);
      }
    }
  }

  /// Puts one back, of a call that went no further.
  void putBack(int perMinute) {
    fullAt.addAndGet(-MINUTE / perMinute);
  }
}
