package dev.agentserver.settings.oidc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One object of the issuers' file, read field by field. What is wrong is told with the field's
/// place, and a field that nobody asks for is wrong too: a misspelt rule must not be no rule.
final class Fields {
  private final String place;
  private final Map<?, ?> values;
  private final Set<Object> asked = new HashSet<>();

  private Fields(String place, Map<?, ?> values) {
    this.place = place;
    this.values = values;
  }

  static Fields of(String place, Object value) {
    if (value instanceof Map<?, ?> values) {
      return new Fields(place, values);
    }
    throw wrong(place, "must be an object");
  }

  String text(String name) {
    return text(name, null).orElseThrow(() -> wrong(at(name), "is missing"));
  }

  String textOr(String name, String fallback) {
    return text(name, fallback).orElseThrow();
  }

  Optional<String> optionalText(String name) {
    return text(name, null);
  }

  private Optional<String> text(String name, String fallback) {
    var value = find(name);
    return value.isEmpty()
        ? Optional.ofNullable(fallback)
        : Optional.of(text(at(name), value.get()));
  }

  /// Texts, or one that stands alone; none where the field is absent.
  List<String> texts(String name) {
    return switch (find(name).orElse(List.of())) {
      case List<?> values -> {
        var texts = new ArrayList<String>();
        for (var value : values) {
          texts.add(text(at(name) + "[" + texts.size() + "]", value));
        }
        yield texts;
      }
      case Object one -> List.of(text(at(name), one));
    };
  }

  /// What is there, as it is.
  Optional<Object> find(String name) {
    asked.add(name);
    return Optional.ofNullable(values.get(name));
  }

  Optional<Fields> object(String name) {
    return find(name).map(value -> of(at(name), value));
  }

  /// Every field is a name of the file's author, with a text.
  Map<String, String> entries() {
    var entries = new LinkedHashMap<String, String>();
    values.forEach((name, value) -> entries.put((String) name, text(at((String) name), value)));
    asked.addAll(values.keySet());
    return entries;
  }

  /// Fails where there is a field that was not asked for.
  void end() {
    for (var name : values.keySet()) {
      if (!asked.contains(name)) {
        throw wrong(at((String) name), "is no field that is known here");
      }
    }
  }

  /// The place of a field.
  String at(String name) {
    return place + "." + name;
  }

  private static String text(String place, Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(place, "must be a text that is not empty");
  }

  static IllegalArgumentException wrong(String place, String what) {
    return new IllegalArgumentException("OIDC_ISSUERS_FILE: " + place + " " + what);
  }
}
