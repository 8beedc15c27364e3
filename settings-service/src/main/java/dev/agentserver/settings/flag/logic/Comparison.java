package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `==`, `<` and their like on two values, or on several in a row. Text is compared with text;
/// anything else has to be numbers, and fails where it is not.
///
/// A compiled comparison checks its right side not against the left side but against the value
/// looked up last, which a variable on the right side is itself: so `{"==": [1, {"var": "name"}]}`
/// is false where the interpreted one fails. Clients do so, and we do.
final class Comparison {
  private Comparison() {}

  enum Test implements Operator {
    EQUAL(false),
    NOT_EQUAL(false),
    SAME(true),
    NOT_SAME(true),
    LESS(false),
    LESS_OR_EQUAL(false),
    GREATER(false),
    GREATER_OR_EQUAL(false);

    private final boolean strict;

    Test(boolean strict) {
      this.strict = strict;
    }

    @Override
    public Node compile(@Nullable Object arguments, Compiler compiler) {
      if (!(arguments instanceof List<?> list) || list.size() < 2) {
        return new Node.Failing(LogicError.arguments(name()));
      }
      var values = compiler.all(list);
      if (compiler.isCompiled()) {
        return compiled(this, values.toArray(Node[]::new));
      }
      return Compiler.firstFailing(values)
          .orElseGet(() -> interpreted(this, values.toArray(Node[]::new)));
    }

    boolean holds(@Nullable Object left, @Nullable Object right) {
      return switch (this) {
        case EQUAL -> Values.isEqual(left, right);
        case NOT_EQUAL -> !Values.isEqual(left, right);
        case SAME -> Values.isSame(left, right);
        case NOT_SAME -> !Values.isSame(left, right);
        case LESS -> Values.order(left, right) < 0;
        case LESS_OR_EQUAL -> Values.order(left, right) <= 0;
        case GREATER -> Values.order(left, right) > 0;
        case GREATER_OR_EQUAL -> Values.order(left, right) >= 0;
      };
    }
  }

  private static Node compiled(Test test, Node[] values) {
    return frame -> {
      frame.previous = values[0].evaluate(frame);
      for (var i = 1; i < values.length; i++) {
        var left = frame.previous;
        var right = check(test, values[i].evaluate(frame), frame);
        if (values.length > 2) {
          frame.previous = right;
        }
        if (!test.holds(left, right)) {
          return false;
        }
      }
      return true;
    };
  }

  private static @Nullable Object check(Test test, @Nullable Object right, Frame frame) {
    var before = frame.previous;
    if (test.strict || (isText(right) && isText(before))) {
      return right;
    }
    if (Double.isNaN(numberOf(right)) && before != null || Double.isNaN(numberOf(before))) {
      throw LogicError.NOT_A_NUMBER;
    }
    if (before == null && Values.isFalsy(right)) {
      return null;
    }
    return right == null && Values.isFalsy(before) ? (Object) 0.0 : right;
  }

  private static Node interpreted(Test test, Node[] values) {
    return frame -> {
      var left = values[0].evaluate(frame);
      for (var i = 1; i < values.length; i++) {
        var right = values[i].evaluate(frame);
        if (!compare(test, left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private static boolean compare(Test test, @Nullable Object left, @Nullable Object right) {
    if (test.strict || (isText(left) && isText(right))) {
      return test.holds(left, right);
    }
    var a = numberOf(left);
    var b = numberOf(right);
    if (Double.isNaN(a) || (Double.isNaN(b) && left != null)) {
      throw LogicError.NOT_A_NUMBER;
    }
    return test.holds(a, b);
  }

  private static boolean isText(@Nullable Object value) {
    return value == null || value instanceof String;
  }

  private static double numberOf(@Nullable Object value) {
    if (Values.isObject(value)) {
      throw LogicError.NOT_A_NUMBER;
    }
    return Values.number(value);
  }
}
