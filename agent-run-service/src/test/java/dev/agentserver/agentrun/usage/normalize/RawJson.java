package dev.agentserver.agentrun.usage.normalize;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes what was read as JSON again.
public final class RawJson {
  private RawJson() {}

  public static String write(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> object -> {
        var fields = new ArrayList<String>();
        object.forEach((name, field) -> fields.add(write(name) + ":" + write(field)));
        yield "{" + String.join(",", fields) + "}";
      }
      case List<?> list -> "[" + String.join(",", list.stream().map(RawJson::write).toList()) + "]";
      case String text -> '"' + text + '"';
      default -> value.toString();
    };
  }
}
