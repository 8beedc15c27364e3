package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import dev.agentserver.settings.flag.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// `cat`, `substr`, `in`, `merge`, `starts_with` and `ends_with`.
final class Texts {
  private Texts() {}

  /// A value that is not there is the text "null" in a compiled rule, and nothing in an interpreted
  /// one.
  static Node cat(@Nullable Object arguments, Compiler compiler) {
    if (compiler.isCompiled() && !(arguments instanceof Map)) {
      var list = arguments instanceof List<?> many ? many : List.of(arguments);
      var parts = compiler.all(list).toArray(Node[]::new);
      return frame -> {
        var text = new StringBuilder();
        for (var part : parts) {
          text.append(Values.string(part.evaluate(frame)));
        }
        return text.toString();
      };
    }
    var given = compiler.oneOrMany(arguments);
    return given instanceof Node.Failing ? given : frame -> joined(given.evaluate(frame));
  }

  private static String joined(@Nullable Object value) {
    if (value instanceof List<?> list) {
      var text = new StringBuilder();
      for (var part : list) {
        text.append(part == null || part == Undefined.UNDEFINED ? "" : Values.string(part));
      }
      return text.toString();
    }
    if (value == null) {
      throw LogicError.arguments("cat");
    }
    return Values.string(value);
  }

  /// A part of a text, from a position (from the end where it is negative), so long (or up to so
  /// many characters from the end where that is negative).
  static Node substr(@Nullable Object arguments, Compiler compiler) {
    return of(
        compiler.list(arguments),
        list -> {
          if (!(at(list, 0) instanceof String text)) {
            throw LogicError.arguments("substr");
          }
          var length = at(list, 2);
          if (Values.order(length, 0.0) < 0) {
            var rest = substr(text, at(list, 1), Undefined.UNDEFINED);
            return substr(rest, 0.0, rest.length() + Values.number(length));
          }
          return substr(text, at(list, 1), length);
        });
  }

  private static String substr(String text, @Nullable Object from, @Nullable Object length) {
    var start = whole(from);
    var begin = start < 0 ? Math.max(text.length() + start, 0) : Math.min(start, text.length());
    var wanted = length == Undefined.UNDEFINED ? text.length() : Math.max(whole(length), 0);
    return text.substring((int) begin, (int) Math.min(begin + wanted, text.length()));
  }

  private static double whole(@Nullable Object value) {
    var number = Values.number(value);
    return Double.isNaN(number) ? 0 : number < 0 ? Math.ceil(number) : Math.floor(number);
  }

  /// Looks up where before what: a comparison around it may read what was looked up last.
  static Node in(@Nullable Object arguments, Compiler compiler) {
    if (compiler.isCompiled() && arguments instanceof List<?> list && list.size() > 1) {
      var what = compiler.compile(list.get(0));
      var where = compiler.compile(list.get(1));
      return frame -> {
        var values = where.evaluate(frame);
        return contains(values, what.evaluate(frame));
      };
    }
    return of(
        arguments instanceof List ? compiler.compile(arguments) : compiler.list(arguments),
        list -> contains(at(list, 1), at(list, 0)));
  }

  private static boolean contains(@Nullable Object where, @Nullable Object what) {
    return switch (where) {
      case String text -> !text.isEmpty() && text.contains(Values.string(what));
      case List<?> list -> list.stream().anyMatch(item -> isItem(item, what));
      case null, default -> {
        if (!Values.isFalsy(where)) {
          throw LogicError.arguments("in");
        }
        yield false;
      }
    };
  }

  private static boolean isItem(@Nullable Object item, @Nullable Object what) {
    return Values.isSame(item, what)
        || (item instanceof Double a && what instanceof Double b && a.isNaN() && b.isNaN());
  }

  static Node merge(@Nullable Object arguments, Compiler compiler) {
    return of(
        compiler.list(arguments),
        list -> {
          var merged = new ArrayList<@Nullable Object>();
          for (var part : list) {
            if (part instanceof List<?> parts) {
              merged.addAll(parts);
            } else {
              merged.add(part);
            }
          }
          return merged;
        });
  }

  /// Null where the two are not both text. Like all that is flagd's own it fails inside an
  /// iteration, as it does in the clients.
  static Node compare(
      @Nullable Object arguments, Compiler compiler, BiPredicate<String, String> test) {
    return ofContext(
        compiler.list(arguments),
        (list, _) ->
            list.size() == 2
                    && list.get(0) instanceof String text
                    && list.get(1) instanceof String part
                ? test.test(text, part)
                : null);
  }

  /// What is done with arguments that are evaluated first.
  @FunctionalInterface
  interface Function {
    @Nullable Object apply(List<?> arguments);
  }

  static Node of(Node arguments, Function function) {
    return arguments instanceof Node.Failing
        ? arguments
        : frame -> function.apply((List<?>) arguments.evaluate(frame));
  }

  /// The same for what needs to know of the flag and the caller.
  @FunctionalInterface
  interface ContextFunction {
    @Nullable Object apply(List<?> arguments, Context context);
  }

  static Node ofContext(Node arguments, ContextFunction function) {
    if (arguments instanceof Node.Failing) {
      return arguments;
    }
    return frame -> {
      var list = (List<?>) arguments.evaluate(frame);
      if (frame.context() instanceof Context context) {
        return function.apply(list, context);
      }
      throw new LogicError("flagd's own operators cannot stand inside an iteration");
    };
  }

  private static @Nullable Object at(List<?> list, int index) {
    return index < list.size() ? list.get(index) : Undefined.UNDEFINED;
  }
}
