package dev.agentserver.kit.eventlog;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before another try: longer each time, and not the same for everybody.
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration pause;

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.pause = first;
  }

  Duration next() {
    var now = pause;
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(longest) < 0 ? doubled : longest;
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(now.toNanos() / 2, now.toNanos()));
  }

  void reset() {
    pause = first;
  }
}
