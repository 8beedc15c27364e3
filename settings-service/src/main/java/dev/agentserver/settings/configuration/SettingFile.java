package dev.agentserver.settings.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.SettingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file of settings: a JSON object of keys and values, or lines such as `KEY=value`.
final class SettingFile {
  /// The form of a file.
  enum Format {
    JSON,
    ENV
  }

  private SettingFile() {}

  /// What a file says of a setting.
  ///
  /// @param name the key, in a file of lines as a variable
  /// @param node the value, where the file is JSON; else null
  /// @param line the value, where it is lines; else null
  record Named(String name, @Nullable JsonNode node, @Nullable String line) {
    /// The value as a text of this type; null: it is to be removed.
    @Nullable String text(SettingType type) {
      if (node == null) {
        return line;
      }
      if (node.isNull()) {
        return null;
      }
      return type == SettingType.JSON || !node.isValueNode()
          ? Json.write(node)
          : node.isBigDecimal() ? node.decimalValue().toPlainString() : node.asText();
    }

    /// What it looks like to who has no definition of it.
    SettingType type() {
      if (node == null || node.isTextual()) {
        return SettingType.STRING;
      }
      if (node.isBoolean()) {
        return SettingType.BOOL;
      }
      if (node.isIntegralNumber() && node.canConvertToLong()) {
        return SettingType.INT;
      }
      return node.isNumber() ? SettingType.DECIMAL : SettingType.JSON;
    }

    /// The key of who has no definition of it.
    String key() {
      return node == null ? name.toLowerCase(Locale.ROOT) : name;
    }

    /// Whether it is this setting that is meant.
    boolean means(Definition definition) {
      return node == null ? variable(definition.key()).equals(name) : definition.key().equals(name);
    }
  }

  static List<Named> read(Format format, String content) {
    return switch (format) {
      case JSON -> readJson(content);
      case ENV ->
          EnvFile.read(content).entrySet().stream()
              .map(line -> new Named(line.getKey(), null, line.getValue()))
              .toList();
    };
  }

  private static List<Named> readJson(String content) {
    var node =
        Json.parse(content)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> Problem.invalid("content", "is not a JSON object"));
    var named = new ArrayList<Named>();
    node.properties().forEach(each -> named.add(new Named(each.getKey(), each.getValue(), null)));
    return named;
  }

  /// The file that says this of settings, which have values.
  static String write(Format format, List<Setting> settings) {
    return switch (format) {
      case JSON -> {
        var object = Json.object();
        settings.forEach(
            setting -> object.set(setting.key(), json(setting.type(), setting.text())));
        yield Json.pretty(object) + "\n";
      }
      case ENV -> {
        var lines = new StringBuilder();
        settings.forEach(
            setting -> lines.append(EnvFile.line(variable(setting.key()), setting.text())));
        yield lines.toString();
      }
    };
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// A value in the JSON of its type; durations and URLs are strings.
  static JsonNode json(SettingType type, String text) {
    return switch (type) {
      case INT, DECIMAL, BOOL, JSON -> type.read(text).orElseGet(() -> new TextNode(text));
      case STRING, DURATION, URL -> new TextNode(text);
    };
  }
}
