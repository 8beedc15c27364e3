package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what counts something and is not known.
final class Fields {
  private static final Pattern COUNTING =
      Pattern.compile(
          "token|count|unit|request|quer|search|second|character|page|image|audio|video|call",
          Pattern.CASE_INSENSITIVE);

  private static final int MOST = 20;

  private final Set<String> known;
  private final Set<String> unknown = new TreeSet<>();

  private Fields(Set<String> known) {
    this.known = known;
  }

  /// A warning for each, twenty at most.
  static List<Warning> unmapped(Extractor extractor, Object usage) {
    var fields = new Fields(extractor.known());
    fields.look("", usage);
    return fields.unknown.stream()
        .limit(MOST)
        .map(name -> new Warning(Code.UNMAPPED_FIELD, name, "counts something that is not known"))
        .toList();
  }

  private void look(String name, @Nullable Object value) {
    if (known.contains(name)) {
      return;
    }
    switch (value) {
      case Map<?, ?> object -> {
        for (var entry : object.entrySet()) {
          look(
              name.isEmpty() ? entry.getKey().toString() : name + "." + entry.getKey(),
              entry.getValue());
        }
      }
      case List<?> list -> list.forEach(each -> look(name, each));
      case BigDecimal number when number.signum() != 0 && COUNTING.matcher(name).find() ->
          unknown.add(name);
      case null, default -> {}
    }
  }
}
