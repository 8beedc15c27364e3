package dev.agentserver.benchmarks.measure;

import java.time.Duration;

/// Drives one operation one way.
@FunctionalInterface
public interface Driver {
  /// Calls as fast as it is answered, for about that long.
  Done run(Duration time);
}
