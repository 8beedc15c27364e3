package dev.agentserver.benchmarks.flag;

import dev.agentserver.settings.flag.rule.Flag;
import dev.agentserver.settings.flag.rule.Resolution;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One evaluation of each [Rule].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FlagBenchmark {
  @Param public Rule rule = Rule.NONE;

  private Flag flag = Rule.NONE.flag();
  private final Map<String, @Nullable Object> context = Rule.context();
  private final Instant now = Instant.ofEpochSecond(1_700_000_000);

  @Setup
  public void prepare() {
    flag = rule.flag();
  }

  @Benchmark
  public Resolution evaluate() {
    return flag.evaluate(context, now);
  }
}
