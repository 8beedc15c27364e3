package dev.agentserver.benchmarks.measure;

import java.util.Arrays;

/// Sums that more than one place needs.
final class Numbers {
  private Numbers() {}

  static double median(double... values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
