package dev.agentserver.e2e.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the processes under test leave what they print. Tests run in several JVMs at a time, and
/// each has a directory of its own.
public final class Logs {
  private Logs() {}

  public static Path directory() throws IOException {
    return Files.createDirectories(Path.of("target", "servers", System.getProperty("fork", "1")));
  }
}
