package dev.agentserver.benchmarks.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/// A column and its windows, one for each round.
///
/// @param warmUp how many calls came before them
public record Measured(Column column, long warmUp, List<Window> windows) {
  public double median(ToDoubleFunction<Window> figure) {
    return Numbers.median(windows.stream().mapToDouble(figure).toArray());
  }

  public long requests() {
    return windows.stream().mapToLong(window -> window.done().requests()).sum();
  }

  public long failures() {
    return windows.stream().mapToLong(window -> window.done().failures()).sum();
  }

  /// The latency of all windows together, in microseconds.
  public Histogram latency() {
    var all =
        new Histogram(windows.getFirst().done().latency().getNumberOfSignificantValueDigits());
    windows.forEach(window -> all.add(window.done().latency()));
    return all;
  }
}
