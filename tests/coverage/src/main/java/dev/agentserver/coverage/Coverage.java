package dev.agentserver.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IBundleCoverage;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.tools.ExecFileLoader;

/// What was executed of the code that somebody wrote, over all test runs of all modules.
///
/// @param runs what the JVMs of the tests, and those the tests started, have recorded
/// @param bundles the modules with their classes
record Coverage(ExecFileLoader runs, List<Measured> bundles) {
  /// A module and what was covered of it.
  record Measured(Module module, IBundleCoverage bundle) {}

  /// A class and how many of its lines were not executed.
  record Gap(String type, int missed, int lines) {}

  static Coverage measure(Path repository) throws IOException {
    var runs = new ExecFileLoader();
    for (var file : recordings(repository)) {
      runs.load(file.toFile());
    }
    var bundles = new ArrayList<Measured>();
    for (var module : Module.of(repository)) {
      bundles.add(new Measured(module, bundle(module, runs)));
    }
    return new Coverage(runs, List.copyOf(bundles));
  }

  private static List<Path> recordings(Path repository) throws IOException {
    try (var files = Files.find(repository, 4, (file, _) -> isRecording(file))) {
      return files.sorted().toList();
    }
  }

  private static boolean isRecording(Path file) {
    var name = file.getFileName().toString();
    return name.startsWith("jacoco")
        && name.endsWith(".exec")
        && file.getParent().endsWith("target");
  }

  private static IBundleCoverage bundle(Module module, ExecFileLoader runs) throws IOException {
    var written = new CoverageBuilder();
    var analyzer =
        new Analyzer(
            runs.getExecutionDataStore(),
            type -> {
              if (module.wrote(type)) {
                written.visitCoverage(type);
              }
            });
    if (Files.isDirectory(module.classes())) {
      analyzer.analyzeAll(module.classes().toFile());
    }
    return written.getBundle(module.name());
  }

  int lines() {
    return bundles.stream().mapToInt(each -> each.bundle().getLineCounter().getTotalCount()).sum();
  }

  int covered() {
    return bundles.stream()
        .mapToInt(each -> each.bundle().getLineCounter().getCoveredCount())
        .sum();
  }

  double ratio() {
    return lines() == 0 ? 0 : (double) covered() / lines();
  }

  /// The classes with the most lines that no test executed, the worst first.
  List<Gap> worst(int count) {
    return bundles.stream()
        .flatMap(each -> each.bundle().getPackages().stream())
        .flatMap(each -> each.getClasses().stream())
        .map(Coverage::gap)
        .filter(gap -> gap.missed() > 0)
        .sorted((a, b) -> Integer.compare(b.missed(), a.missed()))
        .limit(count)
        .toList();
  }

  private static Gap gap(IClassCoverage type) {
    var counter = type.getLineCounter();
    return new Gap(
        type.getName().replace('/', '.'), counter.getMissedCount(), counter.getTotalCount());
  }
}
