package dev.agentserver.allinone.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The file PostgreSQL writes its messages to. One older file is kept, so that the two stay bounded
/// over restarts.
record ServerLog(Path file) {
  private static final long LARGE = 10L << 20;

  /// Makes room, and returns where the messages of the next start will begin.
  long turn() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    if (Files.size(file) > LARGE) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
      return 0;
    }
    return Files.size(file);
  }

  /// What PostgreSQL said since then about why it cannot run: its last FATAL, PANIC or error line.
  String complaint(long since) throws IOException {
    var bytes = Files.readAllBytes(file);
    var text = new String(bytes, (int) since, bytes.length - (int) since, StandardCharsets.UTF_8);
    return text.lines()
        .filter(ServerLog::complains)
        .reduce((_, last) -> last)
        .map(ServerLog::bare)
        .orElse("it gave no reason");
  }

  private static boolean complains(String line) {
    return List.of("FATAL:", "PANIC:", "error:", "postgres:").stream().anyMatch(line::contains);
  }

  private static String bare(String line) {
    var start = line.indexOf(":  ");
    return start < 0 ? line : line.substring(start + 3);
  }
}
