package dev.agentserver.benchmarks.codec;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// `tests/benchmarks/run-codec [--short]`: measures the JSON codec beside JsonFormat and
/// protobuf-jackson and prints a table.
public final class CodecMain {
  private static final String GARBAGE = "gc.alloc.rate.norm";
  private static final int ROUNDS = 5;

  private CodecMain() {}

  public static void main(String[] arguments) throws RunnerException {
    boolean brief = List.of(arguments).contains("--short");
    var options =
        new OptionsBuilder()
            .include(CodecBenchmark.class.getSimpleName())
            .forks(1)
            .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
            .warmupIterations(brief ? 2 : ROUNDS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(brief ? 2 : ROUNDS)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .build();
    var results = List.copyOf(new Runner(options).run());
    System.out.printf(
        "%n%-8s %-6s %-18s %10s %10s %12s %12s%n",
        "", "", "", "µs", "± µs", "garbage KiB", "time : codec");
    results.stream()
        .sorted(Comparator.comparing(CodecMain::operation).thenComparingDouble(CodecMain::micros))
        .forEach(each -> print(each, codec(results, operation(each))));
  }

  private static void print(RunResult result, RunResult codec) {
    System.out.printf(
        Locale.ROOT,
        "%-15s %-18s %10.2f %10.2f %12.1f %12.2f%n",
        operation(result),
        way(result),
        micros(result),
        result.getPrimaryResult().getScoreError(),
        result.getSecondaryResults().get(GARBAGE).getScore() / 1024,
        micros(result) / micros(codec));
  }

  private static RunResult codec(List<RunResult> results, String operation) {
    return results.stream()
        .filter(each -> operation(each).equals(operation))
        .filter(each -> way(each).equals(Way.Name.CODEC.name()))
        .findFirst()
        .orElseThrow();
  }

  private static String operation(RunResult result) {
    return "%-8s %-6s"
        .formatted(result.getParams().getParam("sample"), result.getPrimaryResult().getLabel());
  }

  private static String way(RunResult result) {
    return result.getParams().getParam("way");
  }

  private static double micros(RunResult result) {
    return result.getPrimaryResult().getScore();
  }
}
