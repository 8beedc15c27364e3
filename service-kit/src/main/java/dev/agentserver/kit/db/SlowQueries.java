package dev.agentserver.kit.db;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// What each statement has cost this process since it started.
public final class SlowQueries {
  private static final int MAX_STATEMENTS = 1_000;
  private static final String OTHERS = "(statements beyond the first " + MAX_STATEMENTS + ")";

  private final ConcurrentHashMap<String, Cost> costs = new ConcurrentHashMap<>();
  private final LongAdder calls = new LongAdder();

  /// One statement: its text with parameters for values, and what its runs took.
  public record SlowQuery(String statement, long calls, Duration total, Duration max) {}

  private record Cost(LongAdder calls, LongAdder nanos, LongAccumulator max) {
    static Cost none() {
      return new Cost(new LongAdder(), new LongAdder(), new LongAccumulator(Long::max, 0));
    }

    void add(long elapsed) {
      calls.increment();
      nanos.add(elapsed);
      max.accumulate(elapsed);
    }
  }

  void record(String statement, long nanos) {
    calls.increment();
    var known = costs.get(statement);
    if (known == null) {
      var key = costs.size() < MAX_STATEMENTS ? statement : OTHERS;
      known = costs.computeIfAbsent(key, _ -> Cost.none());
    }
    known.add(nanos);
  }

  /// How many statements ran.
  public long calls() {
    return calls.sum();
  }

  /// The statements, those that cost most in total first.
  public List<SlowQuery> slowestFirst() {
    return costs.entrySet().stream()
        .map(
            entry ->
                new SlowQuery(
                    entry.getKey(),
                    entry.getValue().calls().sum(),
                    Duration.ofNanos(entry.getValue().nanos().sum()),
                    Duration.ofNanos(entry.getValue().max().get())))
        .sorted(
            Comparator.comparing(SlowQuery::total).reversed().thenComparing(SlowQuery::statement))
        .toList();
  }
}
