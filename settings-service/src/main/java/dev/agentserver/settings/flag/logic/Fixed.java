package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells what depends on nothing, and is evaluated when the rule is compiled.
final class Fixed {
  private Fixed() {}

  /// @throws LogicError where an operator is unknown
  static boolean isFixed(@Nullable Object rule) {
    return isFixed(rule, false);
  }

  private static boolean isFixed(@Nullable Object rule, boolean insideIteration) {
    return switch (rule) {
      case List<?> list -> list.stream().allMatch(item -> isFixed(item, insideIteration));
      case Map<?, ?> map -> map.isEmpty() || isOperatorFixed(map, insideIteration);
      case null, default -> true;
    };
  }

  private static boolean isOperatorFixed(Map<?, ?> rule, boolean insideIteration) {
    var operator = rule.keySet().iterator().next().toString();
    var arguments = rule.get(operator);
    Operators.named(operator);
    if (operator.equals("var")) {
      return insideIteration && !Values.string(arguments).contains("../../");
    }
    if (operator.equals("missing")) {
      return arguments instanceof List<?> list && list.isEmpty();
    }
    if (Operators.OF_CONTEXT.contains(operator)) {
      return false;
    }
    if (Operators.OF_LISTS.contains(operator)) {
      return !(arguments instanceof List<?> list)
          || (isFixed(at(list, 0), insideIteration) && isFixed(at(list, 1), true));
    }
    return isFixed(arguments, insideIteration);
  }

  private static @Nullable Object at(List<?> list, int index) {
    return index < list.size() ? list.get(index) : null;
  }
}
