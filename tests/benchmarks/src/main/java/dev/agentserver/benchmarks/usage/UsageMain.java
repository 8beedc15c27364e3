package dev.agentserver.benchmarks.usage;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// `tests/benchmarks/run-usage [--short]`: measures what reading and pricing usage takes.
public final class UsageMain {
  private static final int ROUNDS = 5;

  private UsageMain() {}

  public static void main(String[] arguments) throws RunnerException {
    var rounds = List.of(arguments).contains("--short") ? 2 : ROUNDS;
    var options =
        new OptionsBuilder()
            .include(UsageBenchmark.class.getSimpleName())
            .forks(1)
            .warmupIterations(rounds)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(rounds)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .build();
    new Runner(options).run();
  }
}
