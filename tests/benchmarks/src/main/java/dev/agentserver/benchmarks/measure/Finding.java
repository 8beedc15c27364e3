package dev.agentserver.benchmarks.measure;

import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What follows from the windows of a column, mostly compared with those of another one in the same
/// rounds, and what was wanted.
///
/// @param figure what was compared
/// @param name of which columns
/// @param unit "x" for a ratio, else what the numbers are in
/// @param rounds the number of each round
/// @param target the bound that is wanted
/// @param most whether the target is an upper bound
public record Finding(
    String figure, String name, String unit, double[] rounds, double target, boolean most) {
  private static final String CPU = "CPU";

  /// How many times the processor time of `base` it takes.
  public static Finding atMost(Measured one, Measured base, double target) {
    return new Finding(
        CPU,
        one.column().name() + " : " + base.column().name(),
        "x",
        pairs(one, base, Window::cpuMicros, (a, b) -> a / b),
        target,
        true);
  }

  /// How many times the processor time of `base` it takes, of work that is done in this JVM.
  public static Finding here(Measured one, Measured base, double target) {
    return new Finding(
        CPU,
        one.column().name() + " : " + base.column().name(),
        "x",
        pairs(one, base, Window::generatorMicros, (a, b) -> a / b),
        target,
        true);
  }

  /// How many more microseconds of processor time than `base` it takes.
  public static Finding extra(Measured one, Measured base, double target) {
    return new Finding(
        CPU,
        one.column().name() + " - " + base.column().name(),
        "µs",
        pairs(one, base, Window::cpuMicros, (a, b) -> a - b),
        target,
        true);
  }

  /// How much of `base` is got out of the same processor time: 2 where it costs half as much.
  public static Finding yield(Measured one, Measured base, double target) {
    return new Finding(
        "work per CPU",
        one.column().name() + " : " + base.column().name(),
        "x",
        pairs(one, base, Window::cpuMicros, (a, b) -> b / a),
        target,
        false);
  }

  /// How many times as much as `base` it gets done in the same time.
  public static Finding rate(Measured one, Measured base, double target) {
    return new Finding(
        "per second",
        one.column().name() + " : " + base.column().name(),
        "x",
        pairs(one, base, Window::perSecond, (a, b) -> a / b),
        target,
        false);
  }

  /// A percentile of the latency.
  public static Finding latency(Measured one, double percentile, double target) {
    var rounds =
        one.windows().stream()
            .mapToDouble(window -> window.done().latency().getValueAtPercentile(percentile) / 1e3)
            .toArray();
    return new Finding(
        "p%.0f".formatted(percentile), one.column().name(), "ms", rounds, target, true);
  }

  private static double[] pairs(
      Measured one, Measured base, ToDoubleFunction<Window> figure, DoubleBinaryOperator compare) {
    return IntStream.range(0, one.windows().size())
        .mapToDouble(
            round ->
                compare.applyAsDouble(
                    figure.applyAsDouble(one.windows().get(round)),
                    figure.applyAsDouble(base.windows().get(round))))
        .toArray();
  }

  public double median() {
    return Numbers.median(rounds);
  }

  public boolean met() {
    return most ? median() <= target : median() >= target;
  }
}
