package dev.agentserver.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures columns side by side: in every round each gets a window, so that whatever else the
/// machine does falls on all of them.
public final class Rounds {
  private Rounds() {}

  public static List<Measured> measure(List<Column> columns, int rounds, Duration window) {
    var measured = new ArrayList<Measured>();
    for (var column : columns) {
      measured.add(new Measured(column, column.warm(window), new ArrayList<>(rounds)));
    }
    for (var round = 0; round < rounds; round++) {
      for (var each : measured) {
        each.windows().add(each.column().window(window));
      }
    }
    return measured;
  }
}
