package dev.agentserver.kit.db;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Makes the ids of new rows.
@FunctionalInterface
public interface Ids {
  UUID next();

  /// Ids as RFC 9562 describes version 7: 48 bits of milliseconds, a 12-bit count within the
  /// millisecond, 62 random bits. Each is above the one before, also when the clock steps back or a
  /// millisecond brings more than 4,096.
  static Ids uuidV7(Clock clock) {
    var random = new SecureRandom();
    var last = new AtomicLong();
    return () -> {
      var now = clock.millis() << 12;
      var stamp = last.updateAndGet(previous -> Math.max(previous + 1, now));
      var high = (stamp >>> 12) << 16 | 0x7000L | (stamp & 0xFFF);
      var low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    };
  }
}
