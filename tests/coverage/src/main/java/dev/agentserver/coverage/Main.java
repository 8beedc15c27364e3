package dev.agentserver.coverage;

import java.io.IOException;
import java.nio.file.Path;
import org.jacoco.core.analysis.ICounter;

/// Reports the line coverage of the whole repository, and fails when it is below what is asked for.
public final class Main {
  private static final int WORST = 20;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    var coverage = Coverage.measure(Path.of(arguments[0]));
    var report = Path.of(arguments[1]);
    var least = Double.parseDouble(arguments[2]);
    Report.write(coverage, report);
    print(coverage, report);
    if (coverage.ratio() < least) {
      System.out.printf("Line coverage is below %.0f %%.%n", least * 100);
      System.exit(1);
    }
  }

  private static void print(Coverage coverage, Path report) {
    System.out.printf("%nLines that no test executed, by class:%n");
    for (var gap : coverage.worst(WORST)) {
      System.out.printf("  %4d of %4d  %s%n", gap.missed(), gap.lines(), gap.type());
    }
    System.out.printf("%nLine coverage by module:%n");
    for (var measured : coverage.bundles()) {
      var lines = measured.bundle().getLineCounter();
      System.out.printf(
          "  %-24s %s of %5d lines%n",
          measured.module().name(), percent(lines), lines.getTotalCount());
    }
    System.out.printf(
        "%nLine coverage: %.1f %% (%d of %d lines); report: %s%n",
        coverage.ratio() * 100,
        coverage.covered(),
        coverage.lines(),
        report.resolve("html/index.html"));
  }

  private static String percent(ICounter lines) {
    return lines.getTotalCount() == 0
        ? "   none"
        : "%5.1f %%".formatted(lines.getCoveredRatio() * 100);
  }
}
