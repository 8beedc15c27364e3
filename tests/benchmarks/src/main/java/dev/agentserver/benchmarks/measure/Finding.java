package dev.agentserver.benchmarks.measure;

import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Two columns compared, window by window of the same round, and what was wanted.
///
/// @param unit "x" for a ratio, else what the figure is in
/// @param rounds the figure of each round
/// @param target the bound that is wanted
/// @param most whether the target is an upper bound
public record Finding(
    String operation, String name, String unit, double[] rounds, double target, boolean most) {
  /// How many times as much as `base` it takes.
  public static Finding ratio(
      String operation,
      Measured one,
      Measured base,
      ToDoubleFunction<Window> figure,
      double target) {
    var name = one.column().name() + " : " + base.column().name();
    return new Finding(
        operation, name, "x", pairs(one, base, figure, (a, b) -> a / b), target, true);
  }

  /// How many more microseconds than `base` it takes.
  public static Finding extra(
      String operation,
      Measured one,
      Measured base,
      ToDoubleFunction<Window> figure,
      double target) {
    var name = one.column().name() + " - " + base.column().name();
    return new Finding(
        operation, name, "µs", pairs(one, base, figure, (a, b) -> a - b), target, true);
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
