package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A response, or the events of a stream, in a list or one after the other, laid over each other:
/// of each field the last value that is not null. Providers repeat what they have counted so far,
/// so nothing is ever added up.
///
/// @param response all of it
/// @param usage the part that counts
/// @param cutOff whether it is of a stream whose last event is missing
record Report(Object response, Object usage, boolean cutOff) {
  /// What an extractor sees in it; null: nothing.
  static @Nullable Report of(Extractor extractor, List<?> values) {
    var streamed = values.size() > 1 || values.getFirst() instanceof List<?>;
    var events = values.getFirst() instanceof List<?> list ? list : values;
    Map<String, @Nullable Object> response = new LinkedHashMap<>();
    Map<String, @Nullable Object> usage = new LinkedHashMap<>();
    for (var event : events) {
      lay(response, event);
      extractor.usage().stream()
          .flatMap(path -> path.values(event).stream())
          .filter(found -> found instanceof Map<?, ?>)
          .filter(found -> found != event || extractor.fits(found))
          .findFirst()
          .ifPresent(found -> lay(usage, found));
    }
    if (usage.isEmpty() || !extractor.fits(usage)) {
      return null;
    }
    return new Report(response, usage, streamed && isCutOff(extractor, events));
  }

  private static boolean isCutOff(Extractor extractor, List<?> events) {
    var types = events.stream().map(event -> Json.at(event, "type")).filter(Objects::nonNull);
    var seen = types.map(Object::toString).toList();
    return !extractor.last().isEmpty()
        && !seen.isEmpty()
        && seen.stream().noneMatch(extractor.last()::contains);
  }

  private static void lay(Map<String, @Nullable Object> below, @Nullable Object above) {
    if (!(above instanceof Map<?, ?> fields)) {
      return;
    }
    fields.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?>) {
            var beneath = below.get((String) name);
            var merged = Json.object(beneath);
            lay(merged, value);
            below.put((String) name, merged);
          } else if (value != null) {
            below.put((String) name, value);
          }
        });
  }

  /// What is at the end of a path, wherever it begins.
  Stream<Object> values(Path path) {
    return path.values(path.fromResponse() ? response : usage).stream();
  }

  /// The first text at the end of one of the paths; empty: there is none.
  String text(List<Path> paths) {
    return paths.stream()
        .flatMap(this::values)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }
}
