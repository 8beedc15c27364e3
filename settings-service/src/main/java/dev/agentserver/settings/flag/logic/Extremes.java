package dev.agentserver.settings.flag.logic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `max` and `min`, of numbers only: text that is a number does not count.
enum Extremes implements Operator {
  MAX,
  MIN;

  @Override
  public Node compile(@Nullable Object arguments, Compiler compiler) {
    var values = compiler.list(arguments);
    if (values instanceof Node.Failing) {
      return values;
    }
    return frame -> {
      var list = (List<?>) values.evaluate(frame);
      if (list.isEmpty()) {
        throw LogicError.arguments(name());
      }
      var extreme = number(list.getFirst());
      for (var value : list) {
        var number = number(value);
        if (this == MAX ? number > extreme : number < extreme) {
          extreme = number;
        }
      }
      return extreme;
    };
  }

  private double number(@Nullable Object value) {
    if (value instanceof Double number) {
      return number;
    }
    throw LogicError.arguments(name());
  }
}
