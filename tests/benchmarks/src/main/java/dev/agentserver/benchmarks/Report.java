package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Window;
import dev.agentserver.benchmarks.row.Section;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/// Prints what was measured.
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  /// The figures of one operation, each the median of its windows.
  void print(Section section) {
    out.printf("%n%s%n", section.title());
    out.printf(
        "  %-22s %10s %12s %12s %12s %10s %8s %8s%n",
        "", "CPU µs", "PostgreSQL µs", "generator µs", "clock µs", "per s", "failed", "warm-up");
    for (var each : section.columns()) {
      out.printf(
          "  %-22s %10.1f %12.1f %12.1f %12.1f %10.0f %8d %8d%n",
          each.column().name(),
          each.median(Window::cpuMicros),
          each.median(Window::postgresMicros),
          each.median(Window::generatorMicros),
          each.median(Window::wallMicros),
          each.median(Window::perSecond),
          each.failures(),
          each.warmUp());
    }
    section.remarks().forEach(remark -> out.printf("  %s%n", remark));
  }

  /// The table of ratios.
  void print(List<Finding> findings) {
    out.printf(
        "%n%-28s %-34s %10s %21s %10s%n",
        "operation", "processor time", "median", "of the rounds", "wanted");
    for (var each : findings) {
      var rounds = Arrays.stream(each.rounds()).summaryStatistics();
      out.printf(
          "%-28s %-34s %8.2f %-2s %9.2f … %9.2f %s %8.2f %s%n",
          each.operation(),
          each.name(),
          each.median(),
          each.unit(),
          rounds.getMin(),
          rounds.getMax(),
          each.most() ? "≤" : "≥",
          each.target(),
          each.met() ? "" : " MISSED");
    }
  }

  /// Says which of our columns took more than ten times as long as the calibration: then something
  /// is broken, on any machine.
  ///
  /// @return whether there was none
  boolean withinTenfold(List<Section> sections) {
    var fine = true;
    for (var section : sections) {
      var calibration = section.columns().getLast().median(Window::wallMicros);
      for (var each : section.columns()) {
        if (each.column().ours() && each.median(Window::wallMicros) > 10 * calibration) {
          out.printf("%s: %s is beyond ten times the calibration%n", section.title(), name(each));
          fine = false;
        }
      }
    }
    return fine;
  }

  private static String name(Measured measured) {
    return measured.column().name();
  }
}
