package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Sends at a fixed rate, whether or not what was sent is answered, as the world does. A latency is
/// counted from when the request was due, so that a stall falls on all that it kept waiting.
public final class OpenLoop implements Driver {
  private final Client client;
  private final int rate;
  private final Supplier<IntFunction<Call>> calls;

  /// @param rate requests a second
  /// @param calls makes, for a window, what makes its n-th call
  public OpenLoop(Client client, int rate, Supplier<IntFunction<Call>> calls) {
    this.client = client;
    this.rate = rate;
    this.calls = calls;
  }

  @Override
  public Done run(Duration time) {
    var call = calls.get();
    var watch = new Stopwatch();
    var step = TimeUnit.SECONDS.toNanos(1) / rate;
    var begin = System.nanoTime();
    var count = Math.max(1, time.toNanos() / step);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var n = 0; n < count; n++) {
        var number = n;
        var due = begin + n * step;
        for (var now = System.nanoTime(); now < due; now = System.nanoTime()) {
          LockSupport.parkNanos(due - now);
        }
        threads.submit(() -> client.send(call.apply(number), due, watch));
      }
    }
    return watch.done();
  }
}
