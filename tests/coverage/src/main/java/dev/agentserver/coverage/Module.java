package dev.agentserver.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jacoco.core.analysis.IClassCoverage;

/// A module whose code is measured: a room of the repository with Java of its own.
///
/// @param root its directory
record Module(Path root) {
  /// Tools of the build, which run before there is anything to measure.
  private static final Set<String> TOOLS = Set.of("codegen");

  /// Every module of the repository, so that a new one counts without being named anywhere. The
  /// tests are rooms one level deeper and stay out.
  static List<Module> of(Path repository) throws IOException {
    try (var rooms = Files.list(repository)) {
      return rooms
          .filter(room -> Files.isDirectory(room.resolve("src/main/java")))
          .filter(room -> !TOOLS.contains(room.getFileName().toString()))
          .sorted()
          .map(Module::new)
          .toList();
    }
  }

  String name() {
    return root.getFileName().toString();
  }

  Path sources() {
    return root.resolve("src/main/java");
  }

  Path classes() {
    return root.resolve("target/classes");
  }

  /// Whether somebody wrote the class: its source lies in the repository. Generated code has its
  /// source elsewhere.
  boolean wrote(IClassCoverage type) {
    var file = type.getSourceFileName();
    return file != null && Files.exists(sources().resolve(type.getPackageName()).resolve(file));
  }
}
