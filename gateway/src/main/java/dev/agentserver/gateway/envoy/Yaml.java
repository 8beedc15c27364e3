package dev.agentserver.gateway.envoy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Writes maps, lists, texts, numbers and truth values as YAML: blocks all the way down, but what
/// is in a [Flow] stands in one line.
final class Yaml {
  /// A map that stands in one line.
  record Flow(Map<String, ?> fields) {}

  /// Texts that need no quotes, whoever reads them.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");

  private static final Pattern WORD = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

  private final StringBuilder text = new StringBuilder();

  private Yaml() {}

  static String print(Map<String, ?> document) {
    var yaml = new Yaml();
    yaml.fields(document, 0, false);
    return yaml.text.toString();
  }

  /// @param begun whether the first field stands behind the dash of a list
  private void fields(Map<String, ?> fields, int depth, boolean begun) {
    var first = begun;
    for (var field : fields.entrySet()) {
      if (!first) {
        indent(depth);
      }
      first = false;
      text.append(scalar(field.getKey())).append(':');
      value(field.getValue(), depth + 1);
    }
  }

  private void value(Object value, int depth) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        text.append('\n');
        fields(named(map), depth, false);
      }
      case List<?> list when !list.isEmpty() -> {
        text.append('\n');
        list.forEach(item -> item(item, depth));
      }
      case Object other -> text.append(' ').append(flow(other)).append('\n');
    }
  }

  private void item(Object item, int depth) {
    indent(depth);
    text.append("- ");
    if (item instanceof Map<?, ?> map && !map.isEmpty()) {
      fields(named(map), depth + 1, true);
    } else {
      text.append(flow(item)).append('\n');
    }
  }

  private static String flow(Object value) {
    return switch (value) {
      case Flow(var fields) -> flow(fields);
      case Map<?, ?> map -> {
        var fields =
            map.entrySet().stream()
                .map(field -> scalar(field.getKey().toString()) + ": " + flow(field.getValue()))
                .toList();
        yield "{" + String.join(", ", fields) + "}";
      }
      case List<?> list -> "[" + String.join(", ", list.stream().map(Yaml::flow).toList()) + "]";
      case String words -> scalar(words);
      default -> value.toString();
    };
  }

  /// Quoted as JSON is, which YAML reads.
  private static String scalar(String words) {
    if (PLAIN.matcher(words).matches() && !WORD.matcher(words).matches()) {
      return words;
    }
    return '"' + words.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @SuppressWarnings("unchecked") // the keys are names wherever maps are made here
  private static Map<String, ?> named(Map<?, ?> map) {
    return (Map<String, ?>) map;
  }

  private void indent(int depth) {
    text.append("  ".repeat(depth));
  }
}
