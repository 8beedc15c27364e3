package dev.agentserver.benchmarks;

import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Window;
import dev.agentserver.benchmarks.row.Messages;
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

  /// The figures of one operation: medians of its windows; percentiles over all of them.
  void print(Section section) {
    out.printf("%n%s%n", section.title());
    out.printf(
        "  %-26s %10s %12s %12s %10s %10s %8s %8s %8s %8s%n",
        "",
        "CPU µs",
        "PostgreSQL µs",
        "generator µs",
        "clock µs",
        "per s",
        "p50 ms",
        "p99 ms",
        "failed",
        "warm-up");
    for (var each : section.columns()) {
      out.printf(
          "  %-26s %10.1f %12.1f %12.1f %10.1f %10.0f %8s %8s %8d %8d%n",
          each.column().name(),
          each.median(Window::cpuMicros),
          each.median(Window::postgresMicros),
          each.median(Window::generatorMicros),
          each.median(Window::wallMicros),
          each.median(Window::perSecond),
          latency(each, 50),
          latency(each, 99),
          each.failures(),
          each.warmUp());
    }
  }

  private static String latency(Measured measured, double percentile) {
    var all = measured.latency();
    return all.getTotalCount() == 0
        ? ""
        : "%.2f".formatted(all.getValueAtPercentile(percentile) / 1e3);
  }

  /// The table of ratios.
  void print(List<Section> sections) {
    out.printf(
        "%n%-26s %-14s %-34s %11s %22s %10s%n", "", "", "", "median", "of the rounds", "wanted");
    for (var section : sections) {
      section.findings().forEach(finding -> print(section.title(), finding));
    }
  }

  private void print(String operation, Finding finding) {
    var rounds = Arrays.stream(finding.rounds()).summaryStatistics();
    out.printf(
        "%-26s %-14s %-34s %8.2f %-2s %10.2f … %8.2f %s %7.2f%s%n",
        operation,
        finding.figure(),
        finding.name(),
        finding.median(),
        finding.unit(),
        rounds.getMin(),
        rounds.getMax(),
        finding.most() ? "≤" : "≥",
        finding.target(),
        finding.met() ? "" : "  MISSED");
  }

  /// Says which of our columns took more than ten times as long as the calibration: then something
  /// is broken, on any machine.
  ///
  /// @return whether there was none
  boolean withinTenfold(List<Section> sections) {
    var fine = true;
    for (var section : sections) {
      var calibration = section.column(Messages.CALIBRATION);
      if (calibration.isEmpty()) {
        continue;
      }
      var most = 10 * calibration.get().median(Window::wallMicros);
      for (var each : section.columns()) {
        if (each.column().ours() && each.median(Window::wallMicros) > most) {
          out.printf(
              "%s: %s is beyond ten times the calibration%n",
              section.title(), each.column().name());
          fine = false;
        }
      }
    }
    return fine;
  }
}
