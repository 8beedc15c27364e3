package dev.agentserver.e2e.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The PostgreSQL of a data directory, found as an operator would find it.
public final class Postmaster {
  private static final int DEPTH = 4;

  private Postmaster() {}

  /// The process that `postmaster.pid` names, while it lives.
  public static Optional<ProcessHandle> of(Path data) {
    try (var files = Files.find(data, DEPTH, (file, _) -> file.endsWith("postmaster.pid"))) {
      return files.findFirst().flatMap(Postmaster::read);
    } catch (IOException | UncheckedIOException _) {
      // A running server makes and removes files; one that is gone while we look is no answer yet.
      return Optional.empty();
    }
  }

  private static Optional<ProcessHandle> read(Path file) {
    try {
      var lines = Files.readAllLines(file);
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }
}
