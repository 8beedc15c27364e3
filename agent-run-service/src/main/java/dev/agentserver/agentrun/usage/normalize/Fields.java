package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.math.BigDecimal;
import java.util.HashSet;
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

  private final Set<String> known = new HashSet<>();
  private final Set<String> unknown = new TreeSet<>();

  private Fields(Extractor extractor) {
    known.addAll(extractor.known());
    extractor.wholes().stream().flatMap(Part::paths).map(Path::names).forEach(known::add);
    extractor.total().stream().map(Path::names).forEach(known::add);
    var reported = extractor.reported();
    if (reported != null) {
      known.add(reported.at().names());
    }
  }

  /// A warning for each, twenty at most.
  static List<Warning> unmapped(Extractor extractor, Object usage) {
    var fields = new Fields(extractor);
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
