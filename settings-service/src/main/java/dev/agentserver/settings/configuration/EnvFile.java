package dev.agentserver.settings.configuration;

import dev.agentserver.kit.problem.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Lines such as `KEY=value`, as shells and Docker read them: comments, `export`, and quotes of
/// both kinds.
final class EnvFile {
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]{0,254})\\s*=\\s*(.*)");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]*");

  private EnvFile() {}

  static Map<String, String> read(String content) {
    var values = new LinkedHashMap<String, String>();
    var lines = content.split("\r?\n", -1);
    for (var i = 0; i < lines.length; i++) {
      var line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      var form = LINE.matcher(line);
      if (!form.matches()) {
        throw broken(i, "is not KEY=value");
      }
      if (values.put(form.group(1), value(i, form.group(2))) != null) {
        throw broken(i, "names " + form.group(1) + " again");
      }
    }
    return values;
  }

  private static String value(int line, String text) {
    if (text.startsWith("'")) {
      return single(line, text);
    }
    if (text.startsWith("\"")) {
      return quoted(line, text);
    }
    var comment = text.indexOf(" #");
    return (comment < 0 ? text : text.substring(0, comment)).strip();
  }

  private static String single(int line, String text) {
    var end = text.indexOf('\'', 1);
    if (end < 0) {
      throw broken(line, "has a quote without an end");
    }
    requireEnd(line, text.substring(end + 1));
    return text.substring(1, end);
  }

  private static String quoted(int line, String text) {
    var value = new StringBuilder();
    for (var i = 1; i < text.length(); i++) {
      var letter = text.charAt(i);
      if (letter == '"') {
        requireEnd(line, text.substring(i + 1));
        return value.toString();
      }
      if (letter == '\\' && i + 1 < text.length()) {
        i++;
        letter =
            switch (text.charAt(i)) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> text.charAt(i);
            };
      }
      value.append(letter);
    }
    throw broken(line, "has a quote without an end");
  }

  private static void requireEnd(int line, String rest) {
    if (!rest.isBlank() && !rest.strip().startsWith("#")) {
      throw broken(line, "goes on after its quotes");
    }
  }

  private static RuntimeException broken(int line, String fault) {
    return Problem.invalid("content", "line " + (line + 1) + " " + fault);
  }

  static String line(String name, String value) {
    return name + "=" + (PLAIN.matcher(value).matches() ? value : quote(value)) + "\n";
  }

  private static String quote(String value) {
    var quoted = new StringBuilder("\"");
    value
        .chars()
        .forEach(
            letter -> {
              switch (letter) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '"', '\\', '$', '`' -> quoted.append('\\').append((char) letter);
                default -> quoted.append((char) letter);
              }
            });
    return quoted.append('"').toString();
  }
}
