package dev.agentserver.settings.flag.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Puts the rules that several flags share in the place of `{"$ref": "name"}`.
final class Evaluators {
  private static final String REFERENCE = "$ref";

  private final Map<String, @Nullable Object> shared;
  private final BiConsumer<String, String> problems;
  private final Set<String> open = new HashSet<>();

  /// @param problems told the place and the message of each reference that leads nowhere
  Evaluators(Map<String, @Nullable Object> shared, BiConsumer<String, String> problems) {
    this.shared = shared;
    this.problems = problems;
  }

  @Nullable Object resolve(@Nullable Object rule, String path) {
    return switch (rule) {
      case List<?> list -> {
        var resolved = new ArrayList<@Nullable Object>(list.size());
        for (var item : list) {
          resolved.add(resolve(item, path + "/" + resolved.size()));
        }
        yield resolved;
      }
      case Map<?, ?> map when map.size() == 1 && map.get(REFERENCE) instanceof String name ->
          referred(name, path + "/" + REFERENCE);
      case Map<?, ?> map -> {
        var resolved = new LinkedHashMap<String, @Nullable Object>();
        map.forEach(
            (name, value) -> resolved.put(name.toString(), resolve(value, path + "/" + name)));
        yield resolved;
      }
      case null, default -> rule;
    };
  }

  private @Nullable Object referred(String name, String path) {
    if (!shared.containsKey(name)) {
      problems.accept(path, "there is no evaluator \"" + name + "\"");
      return null;
    }
    if (!open.add(name)) {
      problems.accept(path, "the evaluator \"" + name + "\" refers to itself");
      return null;
    }
    var resolved = resolve(shared.get(name), path);
    open.remove(name);
    return resolved;
  }
}
