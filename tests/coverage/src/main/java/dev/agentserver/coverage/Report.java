package dev.agentserver.coverage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jacoco.report.DirectorySourceFileLocator;
import org.jacoco.report.FileMultiReportOutput;
import org.jacoco.report.IReportVisitor;
import org.jacoco.report.MultiReportVisitor;
import org.jacoco.report.html.HTMLFormatter;
import org.jacoco.report.xml.XMLFormatter;

/// Writes a coverage down: HTML to read, XML for tools.
final class Report {
  private static final int TAB_WIDTH = 2;

  private Report() {}

  static void write(Coverage coverage, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var xml = Files.newOutputStream(directory.resolve("coverage.xml"))) {
      var html =
          new HTMLFormatter()
              .createVisitor(new FileMultiReportOutput(directory.resolve("html").toFile()));
      fill(
          new MultiReportVisitor(java.util.List.of(html, new XMLFormatter().createVisitor(xml))),
          coverage);
    }
  }

  private static void fill(IReportVisitor report, Coverage coverage) throws IOException {
    report.visitInfo(
        coverage.runs().getSessionInfoStore().getInfos(),
        coverage.runs().getExecutionDataStore().getContents());
    var group = report.visitGroup("Agent Server");
    for (var measured : coverage.bundles()) {
      var sources =
          new DirectorySourceFileLocator(
              measured.module().sources().toFile(), StandardCharsets.UTF_8.name(), TAB_WIDTH);
      group.visitBundle(measured.bundle(), sources);
    }
    report.visitEnd();
  }
}
