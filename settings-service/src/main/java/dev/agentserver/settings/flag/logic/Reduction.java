package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `reduce`: what a rule makes of a list, item by item. What it makes may be a list or an object,
/// but not one of lists or objects: so it cannot grow without bound.
final class Reduction {
  private static final Set<String> BOTH = Set.of("accumulator", "current");

  private Reduction() {}

  static Node compile(@Nullable Object arguments, Compiler compiler) {
    if (!(arguments instanceof List<?> list) || list.size() < 2) {
      throw LogicError.arguments("reduce");
    }
    if (!compiler.isCompiled() && list.get(1) == null) {
      throw LogicError.arguments("reduce");
    }
    if (!compiler.isCompiled() && isFold(list.get(1))) {
      return fold(list, compiler);
    }
    var items = compiler.compile(list.get(0));
    var step = compiler.compile(list.get(1));
    var start = list.size() > 2 ? compiler.compile(list.get(2)) : null;
    return frame -> {
      var values = Iterations.items("reduce", items.evaluate(frame));
      if (start == null && values.isEmpty()) {
        throw LogicError.arguments("reduce");
      }
      var result = start == null ? values.getFirst() : shallow(start.evaluate(frame));
      for (var value : start == null ? values.subList(1, values.size()) : values) {
        result = shallow(step.evaluate(frame.item(pair(result, value), null)));
      }
      return result;
    };
  }

  private static Map<String, @Nullable Object> pair(@Nullable Object made, @Nullable Object item) {
    var pair = new HashMap<String, @Nullable Object>();
    pair.put("accumulator", made);
    pair.put("current", item);
    return pair;
  }

  private static @Nullable Object shallow(@Nullable Object value) {
    var parts =
        switch (value) {
          case List<?> list -> list;
          case Map<?, ?> map -> map.values();
          case null, default -> List.of();
        };
    if (parts.stream().anyMatch(Values::isObject)) {
      throw new LogicError("\"reduce\" may not make a list of lists");
    }
    return value;
  }

  /// A sum or a product written as a reduction, which is interpreted as one.
  private static boolean isFold(@Nullable Object step) {
    return step instanceof Map<?, ?> map
        && map.size() == 1
        && (map.get("+") instanceof List<?> || map.get("*") instanceof List<?>)
        && map.values().iterator().next() instanceof List<?> operands
        && operands.size() == 2
        && BOTH.equals(Set.copyOf(operands.stream().map(Reduction::variable).toList()));
  }

  private static String variable(@Nullable Object operand) {
    return operand instanceof Map<?, ?> map && map.get("var") instanceof String name ? name : "";
  }

  private static Node fold(List<?> arguments, Compiler compiler) {
    var operator = ((Map<?, ?>) arguments.get(1)).keySet().iterator().next().toString();
    var none = operator.equals("+") ? 0.0 : 1.0;
    var start = arguments.size() > 2 ? arguments.get(2) : none;
    var first = operator.equals("+") && Values.isFalsy(start) ? (Object) none : start;
    var of = new HashMap<String, @Nullable Object>();
    of.put(operator, arguments.getFirst());
    return compiler.compile(Map.of(operator, Arrays.asList(of, first)));
  }
}
