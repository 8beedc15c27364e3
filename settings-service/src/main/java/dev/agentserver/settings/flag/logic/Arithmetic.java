package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Numbers;
import dev.agentserver.settings.flag.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `+`, `-`, `*`, `/` and `%` on any number of numbers. Text that is a number counts as one;
/// anything else fails, and so does a division by zero.
enum Arithmetic implements Operator {
  ADD(0),
  SUBTRACT(1),
  MULTIPLY(0),
  DIVIDE(1),
  REMAINDER(2);

  private final int fewest;

  Arithmetic(int fewest) {
    this.fewest = fewest;
  }

  @Override
  public Node compile(@Nullable Object arguments, Compiler compiler) {
    if (!compiler.isCompiled()) {
      return interpreted(arguments, compiler);
    }
    if (arguments instanceof Map) {
      return computed(compiler.compile(arguments));
    }
    var list = arguments instanceof List<?> many ? many : List.of(arguments);
    requireEnough(list);
    var operands = compiler.all(list).toArray(Node[]::new);
    for (var i = 0; i < operands.length; i++) {
      requireNumber(list.get(i), operands[i], this == DIVIDE && i > 0);
    }
    return compiled(operands);
  }

  /// What is written as a number must be one; what is only computed fails when it is reached.
  private static void requireNumber(@Nullable Object written, Node operand, boolean divisor) {
    if (written instanceof List || (written instanceof Map<?, ?> map && map.isEmpty())) {
      throw LogicError.NOT_A_NUMBER;
    }
    if (operand instanceof Node.Constant(var value)) {
      var name = value instanceof String text && Double.isNaN(Numbers.parse(text));
      var counts = value instanceof Double || value instanceof String;
      if (name || (divisor && counts && Values.number(value) == 0)) {
        throw LogicError.NOT_A_NUMBER;
      }
    }
  }

  private Node compiled(Node[] operands) {
    if (operands.length == 0) {
      return new Node.Constant(this == MULTIPLY ? 1.0 : 0.0);
    }
    if (operands.length == 1) {
      return frame -> number(alone(operand(operands[0].evaluate(frame))));
    }
    return frame -> {
      var result = operand(operands[0].evaluate(frame));
      for (var i = 1; i < operands.length; i++) {
        result = apply(result, operand(operands[i].evaluate(frame)));
      }
      return number(result);
    };
  }

  /// Of a list that is known only when evaluated, what is not a number makes the result none, but
  /// does not fail.
  private Node computed(Node arguments) {
    return frame -> {
      var given = arguments.evaluate(frame);
      frame.previous = given;
      if (given instanceof List<?> list) {
        return fold(list);
      }
      if (this != ADD && this != SUBTRACT) {
        throw LogicError.arguments(name());
      }
      return number(alone(number(Values.number(given))));
    };
  }

  private Node interpreted(@Nullable Object arguments, Compiler compiler) {
    var given =
        this == ADD || this == SUBTRACT ? compiler.oneOrMany(arguments) : compiler.list(arguments);
    if (given instanceof Node.Failing) {
      return given;
    }
    return frame -> {
      var value = given.evaluate(frame);
      if (value instanceof List<?> list) {
        var result = fold(list);
        if (this == SUBTRACT && list.size() == 1) {
          return result;
        }
        if (this == DIVIDE && result == Double.POSITIVE_INFINITY) {
          throw LogicError.NOT_A_NUMBER;
        }
        return number(result);
      }
      return Values.isFalsy(value) ? (Object) 0.0 : number(alone(operand(value)));
    };
  }

  private double fold(List<?> list) {
    requireEnough(list);
    if (list.isEmpty()) {
      return this == MULTIPLY ? 1 : 0;
    }
    var result = operand(list.getFirst());
    if (list.size() == 1) {
      return alone(result);
    }
    for (var value : list.subList(1, list.size())) {
      result = apply(result, operand(value));
    }
    return result;
  }

  private void requireEnough(List<?> list) {
    if (list.size() < fewest) {
      throw LogicError.arguments(name());
    }
  }

  private double alone(double number) {
    return switch (this) {
      case ADD, MULTIPLY, REMAINDER -> number;
      case SUBTRACT -> -number;
      case DIVIDE -> apply(1, number);
    };
  }

  private double apply(double left, double right) {
    return switch (this) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> {
        if (right == 0 || Double.isNaN(right)) {
          throw LogicError.NOT_A_NUMBER;
        }
        yield left / right;
      }
      case REMAINDER -> left % right;
    };
  }

  private static double operand(@Nullable Object value) {
    if (Values.isObject(value)) {
      throw LogicError.NOT_A_NUMBER;
    }
    return Values.number(value);
  }

  private static double number(double number) {
    if (Double.isNaN(number)) {
      throw LogicError.NOT_A_NUMBER;
    }
    return number;
  }
}
