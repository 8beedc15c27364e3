package dev.agentserver.benchmarks.flag;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// `tests/benchmarks/run-flags [--short]`: measures what the evaluation of a flag takes.
public final class FlagMain {
  private static final int ROUNDS = 5;

  private FlagMain() {}

  public static void main(String[] arguments) throws RunnerException {
    var rounds = List.of(arguments).contains("--short") ? 2 : ROUNDS;
    var options =
        new OptionsBuilder()
            .include(FlagBenchmark.class.getSimpleName())
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
