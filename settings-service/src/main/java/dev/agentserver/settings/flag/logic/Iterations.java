package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `map`, `filter`, `some`, `all` and `none`: a rule evaluated for each item of a list.
final class Iterations {
  /// What is evaluated, and for which items.
  private record Loop(Node list, Node item) {
    @Nullable Object evaluate(@Nullable Object value, Frame frame, @Nullable Object iteration) {
      return item.evaluate(frame.item(value, iteration));
    }
  }

  private Iterations() {}

  static Node map(@Nullable Object arguments, Compiler compiler) {
    var loop = loop("map", arguments, compiler);
    return frame -> {
      var results = new ArrayList<@Nullable Object>();
      for (var value : items("map", loop.list.evaluate(frame))) {
        results.add(loop.evaluate(value, frame, Frame.position(results.size())));
      }
      return results;
    };
  }

  static Node filter(@Nullable Object arguments, Compiler compiler) {
    var loop = loop("filter", arguments, compiler);
    if (!compiler.isCompiled() && loop.item instanceof Node.Failing) {
      return loop.item;
    }
    if (!compiler.isCompiled() && loop.item instanceof Node.Constant(var always)) {
      return Values.isTrue(always) ? loop.list : new Node.Constant(List.of());
    }
    return frame -> {
      var kept = new ArrayList<@Nullable Object>();
      var index = 0;
      for (var value : items("filter", loop.list.evaluate(frame))) {
        if (Values.isTrue(loop.evaluate(value, frame, Frame.position(index++)))) {
          kept.add(value);
        }
      }
      return kept;
    };
  }

  /// `all` of nothing is false.
  static Node quantify(String operator, @Nullable Object arguments, Compiler compiler) {
    var loop = loop(operator, arguments, compiler);
    var deciding = !operator.equals("all");
    var found = operator.equals("some");
    return frame -> {
      var list = loop.list.evaluate(frame);
      if (!deciding) {
        compiler.remember(list, frame);
      }
      var items = compiler.isCompiled() ? items(operator, list) : anyItems(list);
      if (!deciding && items.isEmpty() && isEmptyList(list, compiler)) {
        return false;
      }
      var index = 0;
      for (var value : items) {
        var iteration = compiler.isCompiled() ? Frame.position(index++) : list;
        if (Values.isTrue(loop.evaluate(value, frame, iteration)) == deciding) {
          return found;
        }
      }
      return !found;
    };
  }

  /// A compiled `all` of null is true, an interpreted one false.
  private static boolean isEmptyList(@Nullable Object list, Compiler compiler) {
    return list instanceof List || (!compiler.isCompiled() && Values.isFalsy(list));
  }

  private static Loop loop(String operator, @Nullable Object arguments, Compiler compiler) {
    if (!(arguments instanceof List<?> list) || list.size() < 2) {
      throw LogicError.arguments(operator);
    }
    return new Loop(compiler.compile(list.get(0)), compiler.compile(list.get(1)));
  }

  static List<?> items(String operator, @Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (Values.isFalsy(value)) {
      return List.of();
    }
    throw LogicError.arguments(operator);
  }

  /// Interpreted, text is a list of characters, and what has no length a list of nothing.
  private static List<?> anyItems(@Nullable Object value) {
    return switch (value) {
      case List<?> list -> list;
      case String text -> text.chars().mapToObj(Character::toString).toList();
      case null, default -> List.of();
    };
  }
}
