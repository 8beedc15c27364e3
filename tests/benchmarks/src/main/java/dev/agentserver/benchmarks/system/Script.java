package dev.agentserver.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file in `sql/`, its variables written as psql has them.
public final class Script {
  private static final Pattern VARIABLE = Pattern.compile("(?<!:):([a-z]+)");

  private Script() {}

  /// @param name the name of the file
  /// @param values text and ids are quoted
  public static String of(String name, Map<String, ?> values) {
    try (var script = Script.class.getResourceAsStream("/sql/" + name)) {
      var text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      return VARIABLE
          .matcher(text)
          .replaceAll(found -> Matcher.quoteReplacement(literal(found.group(1), values)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String literal(String name, Map<String, ?> values) {
    return switch (values.get(name)) {
      case null -> throw new IllegalArgumentException("nothing is given for :" + name);
      case UUID id -> "'" + id + "'::uuid";
      case String text -> "'" + text + "'";
      case Object other -> other.toString();
    };
  }
}
