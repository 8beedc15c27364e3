package dev.agentserver.kit.db;

import dev.agentserver.kit.observe.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What each statement has cost this process since it started.
public final class SlowQueries {
  private static final int MAX_STATEMENTS = 1_000;
  private static final String OTHERS = "(statements beyond the first " + MAX_STATEMENTS + ")";

  /// Times in a text are values as well, whose planner was to know them.
  private static final Pattern TIME = Pattern.compile("(?:date|timestamp with time zone) '[^']*'");

  private static final Pattern VERB = Pattern.compile("^[a-zA-Z]+");
  private static final Pattern TABLE = Pattern.compile("\\b(?:from|into|update) \"?([a-z_]+)");

  private final @Nullable Metrics metrics;
  private final ConcurrentHashMap<String, Cost> costs = new ConcurrentHashMap<>();
  private final LongAdder calls = new LongAdder();

  /// One statement: its text with parameters for values, and what its runs took.
  public record SlowQuery(String statement, long calls, Duration total, Duration max) {}

  private record Cost(
      LongAdder calls, LongAdder nanos, LongAccumulator max, @Nullable Timer histogram) {
    void add(long elapsed) {
      calls.increment();
      nanos.add(elapsed);
      max.accumulate(elapsed);
      if (histogram != null) {
        histogram.record(elapsed, TimeUnit.NANOSECONDS);
      }
    }
  }

  SlowQueries(@Nullable Metrics metrics) {
    this.metrics = metrics;
  }

  void record(String statement, long nanos) {
    calls.increment();
    var known = costs.get(statement);
    if (known == null) {
      var family = TIME.matcher(statement).replaceAll("?");
      var key = costs.size() < MAX_STATEMENTS || costs.containsKey(family) ? family : OTHERS;
      known = costs.computeIfAbsent(key, this::none);
    }
    known.add(nanos);
  }

  private Cost none(String statement) {
    var histogram =
        metrics == null
            ? null
            : metrics.timer(
                "agentserver_statement_seconds",
                "What statements took",
                "statement",
                name(statement));
    return new Cost(new LongAdder(), new LongAdder(), new LongAccumulator(Long::max, 0), histogram);
  }

  /// A short name for a family of statements, for example "update conversation".
  static String name(String statement) {
    var verb = VERB.matcher(statement);
    var table = TABLE.matcher(statement);
    return (verb.find() ? verb.group().toLowerCase(Locale.ROOT) : "other")
        + (table.find() ? " " + table.group(1) : "");
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
