package dev.agentserver.benchmarks.measure;

import java.time.Duration;

/// One way to do the operation of a row.
///
/// @param ours whether it is Agent Server, and not what it is compared with
/// @param warmUp calls before the first window
public record Column(String name, boolean ours, int warmUp, Processes processes, Driver driver) {
  private static final Duration STEP = Duration.ofSeconds(2);
  private static final int STEPS = 60;

  /// Calls until it is warm: `warmUp` times, or for two minutes where that takes longer.
  ///
  /// @return how often it was called
  long warm(Duration window) {
    var step = window.compareTo(STEP) < 0 ? window : STEP;
    var calls = 0L;
    for (var i = 0; i < STEPS && calls < warmUp; i++) {
      var done = driver.run(step);
      calls += done.requests() + done.failures();
    }
    return calls;
  }

  Window window(Duration time) {
    var before = processes.read();
    var done = driver.run(time);
    return new Window(done, processes.read().since(before));
  }
}
