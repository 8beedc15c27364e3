package dev.agentserver.kit.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The SQL files on the class path.
final class Scripts {
  private Scripts() {}

  static Optional<String> find(String path) {
    try (var stream = Scripts.class.getClassLoader().getResourceAsStream(path)) {
      return stream == null
          ? Optional.empty()
          : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + path, failure);
    }
  }

  static String read(String path) {
    return find(path).orElseThrow(() -> new IllegalStateException(path + " is missing"));
  }
}
