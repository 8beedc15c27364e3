package dev.agentserver.settings.flag.logic;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Finds in a rule, with its place, what no values could ever make sense of.
public final class Arity {
  private static final Map<String, Integer> FEWEST =
      Map.ofEntries(
          Map.entry("if", 1),
          Map.entry("and", 1),
          Map.entry("or", 1),
          Map.entry("==", 2),
          Map.entry("!=", 2),
          Map.entry("===", 2),
          Map.entry("!==", 2),
          Map.entry("<", 2),
          Map.entry("<=", 2),
          Map.entry(">", 2),
          Map.entry(">=", 2),
          Map.entry("map", 2),
          Map.entry("filter", 2),
          Map.entry("some", 2),
          Map.entry("all", 2),
          Map.entry("none", 2),
          Map.entry("reduce", 2),
          Map.entry("missing_some", 2),
          Map.entry("fractional", 1),
          Map.entry("starts_with", 2),
          Map.entry("ends_with", 2),
          Map.entry("sem_ver", 3));

  private final BiConsumer<String, String> problems;

  private Arity(BiConsumer<String, String> problems) {
    this.problems = problems;
  }

  /// @param path where the rule stands, a JSON Pointer
  /// @param problems told the place and the message of each
  public static void check(
      @Nullable Object rule, String path, BiConsumer<String, String> problems) {
    new Arity(problems).check(rule, path);
  }

  private void check(@Nullable Object rule, String path) {
    if (rule instanceof List<?> list) {
      for (var i = 0; i < list.size(); i++) {
        check(list.get(i), path + "/" + i);
      }
    } else if (rule instanceof Map<?, ?> map && !map.isEmpty()) {
      operation(map, path);
    }
  }

  private void operation(Map<?, ?> rule, String path) {
    if (rule.size() > 1) {
      problems.accept(path, "must have one operator, not " + rule.keySet());
      return;
    }
    var name = rule.keySet().iterator().next().toString();
    var place = path + "/" + name.replace("~", "~0").replace("/", "~1");
    var arguments = rule.get(name);
    try {
      Operators.named(name);
    } catch (LogicError unknown) {
      problems.accept(place, unknown.getMessage());
      return;
    }
    var fewest = FEWEST.getOrDefault(name, 0);
    if (fewest > 0 && !(arguments instanceof List<?> list && list.size() >= fewest)) {
      problems.accept(place, "must be a list of " + fewest + " or more");
      return;
    }
    check(arguments, place);
  }
}
