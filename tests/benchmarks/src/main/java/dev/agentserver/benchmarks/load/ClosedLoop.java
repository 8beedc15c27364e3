package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Sixteen callers in this JVM, each of which sends its next request when the last is answered.
/// Where there is no h2load.
public final class ClosedLoop implements Driver {
  private static final int CALLERS = 16;

  private final Client client;
  private final Calls calls;

  public ClosedLoop(Client client, Calls calls) {
    this.client = client;
    this.calls = calls;
  }

  @Override
  public Done run(Duration time) {
    var all = calls.get();
    var next = new AtomicInteger();
    var watch = new Stopwatch();
    var end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var caller = 0; caller < CALLERS; caller++) {
        threads.submit(
            () -> {
              for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
                var call = all.get(Math.floorMod(next.getAndIncrement(), all.size()));
                client.send(call, now, watch);
              }
            });
      }
    }
    return watch.done();
  }
}
