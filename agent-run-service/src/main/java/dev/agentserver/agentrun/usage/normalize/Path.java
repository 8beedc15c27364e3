package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.text.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A way to a field: names with points between them. `list[name=value]` goes on with the elements
/// of a list that have that value, and what they count is added up. With a `/` before it, it begins
/// at the response, and else at the usage in it.
///
/// @param text as the data has it
record Path(String text, boolean fromResponse, List<Step> steps) {
  private static final Pattern SELECTION = Pattern.compile("(\\w+)\\[(\\w+)=(\\w+)]");

  /// @param key which field of an element is looked at; null: it is no list
  record Step(String name, @Nullable String key, @Nullable String value) {}

  static Path of(String text) {
    var fromResponse = text.startsWith("/");
    var way = fromResponse ? text.substring(1) : text;
    var steps = way.isEmpty() ? Stream.<Step>of() : Stream.of(way.split("\\.")).map(Path::step);
    return new Path(text, fromResponse, steps.toList());
  }

  private static Step step(String text) {
    var selection = SELECTION.matcher(text);
    return selection.matches()
        ? new Step(selection.group(1), selection.group(2), selection.group(3))
        : new Step(text, null, null);
  }

  /// Its names alone, as [Fields] spells where a field is.
  String names() {
    return String.join(".", steps.stream().map(Step::name).toList());
  }

  /// What is there, none of it null.
  List<Object> values(@Nullable Object from) {
    List<Object> found = from == null ? List.of() : List.of(from);
    for (var step : steps) {
      var next = new ArrayList<Object>();
      for (var each : found) {
        var value = Json.at(each, step.name());
        var elements = step.key() == null ? Stream.of(value) : Json.list(value).stream();
        elements
            .filter(Objects::nonNull)
            .filter(element -> step.key() == null || selects(step, element))
            .forEach(next::add);
      }
      found = next;
    }
    return found;
  }

  private static boolean selects(Step step, Object element) {
    return Objects.equals(step.value(), Json.at(element, step.key()));
  }

  /// What is counted there; null: nothing is.
  @Nullable BigDecimal count(@Nullable Object from) {
    BigDecimal sum = null;
    for (var value : values(from)) {
      // An object stands for a field that a client library left unset.
      if (!(value instanceof Map)) {
        var count = Counts.of(this, value);
        sum = sum == null ? count : sum.add(count);
      }
    }
    return sum;
  }
}
