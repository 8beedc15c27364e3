package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `if`, `and`, `or`, `!` and `!!`.
final class Choices {
  private static final int WITH_ELSE = 3;

  private Choices() {}

  /// Conditions and what follows from them in turn, and at the end what is left; null where nothing
  /// is.
  static Node branch(@Nullable Object arguments, Compiler compiler) {
    if (!(arguments instanceof List<?> list)) {
      return new Node.Failing(LogicError.arguments("if"));
    }
    if (list.isEmpty()) {
      return new Node.Constant(null);
    }
    var parts = compilerOf(list, compiler).all(list);
    if (list.size() == WITH_ELSE && !compiler.isCompiled()) {
      var failing = Compiler.firstFailing(parts);
      if (failing.isPresent()) {
        return failing.get();
      }
    }
    return list.size() == 1 ? parts.getFirst() : branch(parts.toArray(Node[]::new));
  }

  private static Compiler compilerOf(List<?> arguments, Compiler compiler) {
    return arguments.size() < WITH_ELSE ? Compiler.INTERPRETED : compiler;
  }

  private static Node branch(Node[] parts) {
    return frame -> {
      for (var i = 0; i + 1 < parts.length; i += 2) {
        if (Values.isTrue(parts[i].evaluate(frame))) {
          return parts[i + 1].evaluate(frame);
        }
      }
      return parts.length % 2 == 1 ? parts[parts.length - 1].evaluate(frame) : null;
    };
  }

  /// The first value that decides, or the last.
  ///
  /// @param deciding what decides: true for `or`
  static Node all(@Nullable Object arguments, Compiler compiler, boolean deciding) {
    if (!(arguments instanceof List<?> list)) {
      return new Node.Failing(LogicError.arguments(deciding ? "or" : "and"));
    }
    var parts = compiler.all(list).toArray(Node[]::new);
    return frame -> {
      Object value = null;
      for (var part : parts) {
        value = part.evaluate(frame);
        compiler.remember(value, frame);
        if (Values.isTrue(value) == deciding) {
          return value;
        }
      }
      return value;
    };
  }

  static Node truth(@Nullable Object arguments, Compiler compiler, boolean wanted) {
    if (compiler.isCompiled()) {
      var first = arguments instanceof List<?> list ? first(list) : arguments;
      var value = compiler.compile(first);
      return frame -> Values.isTrue(value.evaluate(frame)) == wanted;
    }
    var value = compiler.oneOrMany(arguments);
    if (value instanceof Node.Failing) {
      return value;
    }
    return frame -> {
      var given = value.evaluate(frame);
      return Values.isTrue(given instanceof List<?> list ? first(list) : given) == wanted;
    };
  }

  private static @Nullable Object first(List<?> list) {
    return list.isEmpty() ? null : list.getFirst();
  }
}
