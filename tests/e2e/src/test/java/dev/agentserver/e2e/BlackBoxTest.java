package dev.agentserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// These tests know what a client knows: the contracts, and the library of workers. The class path
/// holds more, to start the process with.
class BlackBoxTest {
  private static final Path SOURCES = Path.of("src", "test", "java");
  private static final Pattern OURS =
      Pattern.compile("dev\\.agentserver\\.(?!e2e\\b|worker\\.[A-Z])(\\w+)\\.(\\w+)");

  @Test
  void noTestUsesAClassOfTheProcessUnderTest() throws IOException {
    try (var files = Files.walk(SOURCES)) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")).map(BlackBoxTest::inside))
          .allMatch(List::isEmpty);
    }
  }

  /// The names in a file that are not of a contract: those end in a version.
  private static List<String> inside(Path file) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith("import "))
          .flatMap(line -> OURS.matcher(line).results())
          .filter(name -> !name.group(2).matches("v\\d+"))
          .map(name -> file + ": " + name.group())
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
