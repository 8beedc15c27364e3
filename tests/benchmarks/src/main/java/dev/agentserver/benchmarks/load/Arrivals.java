package dev.agentserver.benchmarks.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts for each event how many watchers have it.
public final class Arrivals {
  private record Arrival(AtomicInteger missing, CompletableFuture<Long> complete) {}

  private final int watchers;
  private final ConcurrentMap<Long, Arrival> arrivals = new ConcurrentHashMap<>();

  public Arrivals(int watchers) {
    this.watchers = watchers;
  }

  public int watchers() {
    return watchers;
  }

  /// A watcher got the event.
  public void arrived(long seq) {
    var arrival = of(seq);
    if (arrival.missing().decrementAndGet() == 0) {
      arrival.complete().complete(System.nanoTime());
    }
  }

  /// Completes with the time at which the last watcher got the event.
  CompletableFuture<Long> complete(long seq) {
    return of(seq).complete().whenComplete((_, _) -> arrivals.remove(seq));
  }

  private Arrival of(long seq) {
    return arrivals.computeIfAbsent(
        seq, _ -> new Arrival(new AtomicInteger(watchers), new CompletableFuture<>()));
  }
}
