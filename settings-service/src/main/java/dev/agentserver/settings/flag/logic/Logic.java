package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Undefined;
import org.jspecify.annotations.Nullable;

/// A rule of JSON Logic, compiled once and evaluated for every call; safe for any number of
/// threads.
public final class Logic {
  private final Node rule;

  private Logic(Node rule) {
    this.rule = rule;
  }

  /// @param rule JSON as Java objects
  /// @throws LogicError where the rule can never be evaluated, such as an unknown operator
  public static Logic compile(@Nullable Object rule) {
    return new Logic(Compiler.COMPILED.compile(rule));
  }

  /// What the rule makes of this context; null where it makes nothing of it.
  ///
  /// @throws LogicError where the values make it impossible, such as arithmetic on a name
  public @Nullable Object evaluate(Context context) {
    var result = rule.evaluate(Frame.of(context));
    return result == Undefined.UNDEFINED ? null : result;
  }
}
