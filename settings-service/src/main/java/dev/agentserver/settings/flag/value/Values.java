package dev.agentserver.settings.flag.value;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The conversions and comparisons of JavaScript on JSON values: null, Boolean, Double, String,
/// List, Map, and what is undefined.
public final class Values {
  private Values() {}

  /// As JSON Logic has it: an empty list and an empty object are false, too.
  public static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Undefined _ -> false;
      case Boolean truth -> truth;
      case Double number -> number != 0 && !number.isNaN();
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /// What JavaScript itself takes for false; lists and objects never are.
  public static boolean isFalsy(@Nullable Object value) {
    return !isObject(value) && !isTrue(value);
  }

  /// Lists and objects, which are equal only to themselves.
  public static boolean isObject(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Undefined _ -> false;
      case Boolean _ -> false;
      case Double _ -> false;
      case String _ -> false;
      default -> true;
    };
  }

  /// The unary plus: NaN where the value is no number.
  public static double number(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Undefined _ -> Double.NaN;
      case Boolean truth -> truth ? 1 : 0;
      case Double number -> number;
      case String text -> Numbers.parse(text);
      case List<?> list -> Numbers.parse(string(list));
      default -> Double.NaN;
    };
  }

  /// The text of a value.
  public static String string(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Double number -> Numbers.print(number);
      case List<?> list -> joined(list);
      case Undefined _ -> "undefined";
      case Boolean truth -> truth.toString();
      case String text -> text;
      default -> "[object Object]";
    };
  }

  private static String joined(List<?> list) {
    var text = new StringBuilder();
    for (var i = 0; i < list.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      var item = list.get(i);
      if (item != null && item != Undefined.UNDEFINED) {
        text.append(string(item));
      }
    }
    return text.toString();
  }

  /// Without conversion; objects are the same only if they are one.
  public static boolean isSame(@Nullable Object left, @Nullable Object right) {
    if (left == null || isObject(left)) {
      return left == right;
    }
    return left instanceof Double a && right instanceof Double b
        ? a.doubleValue() == b.doubleValue()
        : left.equals(right);
  }

  /// The loose equality of ECMAScript 2024, 7.2.13.
  public static boolean isEqual(@Nullable Object left, @Nullable Object right) {
    var nothing = isNothing(left);
    if (nothing || isNothing(right)) {
      return nothing && isNothing(right);
    }
    if (isObject(left) && isObject(right)) {
      return left == right;
    }
    var a = primitive(left);
    var b = primitive(right);
    if (a instanceof String && b instanceof String) {
      return a.equals(b);
    }
    return number(a) == number(b);
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null || value == Undefined.UNDEFINED;
  }

  private static @Nullable Object primitive(@Nullable Object value) {
    return isObject(value) ? string(value) : value;
  }

  /// Below 0, 0 or above 0, as text where both are text, else as numbers; NaN compares with
  /// nothing.
  public static double order(@Nullable Object left, @Nullable Object right) {
    var a = primitive(left);
    var b = primitive(right);
    if (a instanceof String one && b instanceof String other) {
      return one.compareTo(other);
    }
    var one = number(a);
    var other = number(b);
    return Double.isNaN(one) || Double.isNaN(other)
        ? Double.NaN
        : Double.compare(one + 0.0, other + 0.0);
  }

  /// A field of an object, an item of a list or a character of a text; UNDEFINED where there is
  /// none.
  public static @Nullable Object property(@Nullable Object value, String name) {
    return switch (value) {
      case Map<?, ?> map -> {
        var found = map.get(name);
        yield found == null && !map.containsKey(name) ? Undefined.UNDEFINED : found;
      }
      case List<?> list -> {
        var index = index(name, list.size());
        yield index >= 0 ? list.get(index) : length(name, list.size());
      }
      case String text -> {
        var index = index(name, text.length());
        yield index >= 0 ? String.valueOf(text.charAt(index)) : length(name, text.length());
      }
      case null, default -> Undefined.UNDEFINED;
    };
  }

  private static Object length(String name, int length) {
    return name.equals("length") ? (Object) (double) length : Undefined.UNDEFINED;
  }

  private static int index(String name, int size) {
    if (name.isEmpty() || name.length() > 9 || (name.length() > 1 && name.charAt(0) == '0')) {
      return -1;
    }
    var index = 0;
    for (var i = 0; i < name.length(); i++) {
      var digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      index = index * 10 + digit;
    }
    return index < size ? index : -1;
  }
}
