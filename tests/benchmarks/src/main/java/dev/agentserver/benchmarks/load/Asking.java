package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.util.function.Supplier;

/// One asks, again and again.
///
/// @param question makes the call of a window
public record Asking(Client client, Supplier<Call> question) implements Driver {
  @Override
  public Done run(Duration time) {
    var call = question.get();
    var watch = new Stopwatch();
    var end = System.nanoTime() + time.toNanos();
    for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
      client.require(call);
      watch.good(1, System.nanoTime() - now);
    }
    return watch.done();
  }
}
