package dev.agentserver.gateway.facts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;
import org.yaml.snakeyaml.Yaml;

/// Reads the files of cases.
final class Facts {
  /// What a case may have: a misspelt word would be a case that proves nothing.
  private static final Set<String> WORDS =
      Set.of(
          "id",
          "says",
          "request",
          "headers",
          "body",
          "pieces",
          "options",
          "answers",
          "as",
          "status",
          "details",
          "open",
          "raw",
          "h2",
          "envoy",
          "safe",
          "templates",
          "path",
          "config",
          "descriptor");

  private static final Set<String> EXPECTED =
      Set.of(
          "options",
          "calls",
          "up",
          "sees",
          "passes",
          "code",
          "has",
          "text",
          "starts",
          "contains",
          "cut",
          "trailers",
          "match",
          "values",
          "refuses");

  private Facts() {}

  /// @param mode the one whose expectations count
  static Stream<Arguments> all(String mode) {
    var ids = new HashSet<String>();
    return files()
        .flatMap(Facts::read)
        .peek(fact -> check(fact, ids))
        .filter(fact -> fact.is(mode))
        .map(fact -> Arguments.of(Named.of(fact.id(), fact)));
  }

  private static void check(Fact fact, Set<String> ids) {
    if (!ids.add(String.valueOf(fact.get("id")))) {
      throw new IllegalArgumentException(fact.id() + " is there twice");
    }
    requireKnown(fact, fact.fields().keySet(), WORDS);
    for (var mode : List.of("envoy", "safe")) {
      if (fact.is(mode)) {
        requireKnown(fact, fact.in(mode).fields().keySet(), EXPECTED);
      }
    }
  }

  private static void requireKnown(Fact fact, Set<String> words, Set<String> known) {
    var unknown = new ArrayList<>(words);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(fact.id() + " has " + unknown);
    }
  }

  private static Stream<Path> files() {
    try {
      var folder = Path.of(Objects.requireNonNull(Facts.class.getResource("/facts")).toURI());
      try (var files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Stream<Fact> read(Path file) {
    try {
      List<Object> facts = new Yaml().load(Files.readString(file));
      return facts.stream().map(fields -> new Fact(Fact.named(fields)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
