package dev.agentserver.gateway.facts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One case: what is sent, what the service answers, and what each mode makes of it.
///
/// @param fields as the file has them; README.md beside the files says which there are
record Fact(Map<String, Object> fields) {
  String id() {
    return fields.get("id") + " " + fields.get("says");
  }

  boolean is(String kind) {
    return fields.containsKey(kind);
  }

  @Nullable Object get(String name) {
    return fields.get(name);
  }

  String text(String name, String otherwise) {
    var value = fields.get(name);
    return value == null ? otherwise : value.toString();
  }

  Map<String, Object> map(String name) {
    return named(fields.get(name));
  }

  /// What is expected in a mode.
  Fact in(String mode) {
    var expected = fields.get(mode);
    return "same".equals(expected) ? in("envoy") : new Fact(named(expected));
  }

  @SuppressWarnings("unchecked") // keys are names in all files
  static Map<String, Object> named(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  static List<Object> list(@Nullable Object value) {
    return value instanceof List<?> list
        ? List.copyOf(list)
        : value == null ? List.of() : List.of(value);
  }
}
