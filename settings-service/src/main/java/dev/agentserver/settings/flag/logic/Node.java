package dev.agentserver.settings.flag.logic;

import org.jspecify.annotations.Nullable;

/// One step of a compiled rule.
interface Node {
  @Nullable Object evaluate(Frame frame);

  /// A value that depends on nothing.
  record Constant(@Nullable Object value) implements Node {
    @Override
    public @Nullable Object evaluate(Frame frame) {
      return value;
    }
  }

  /// What cannot be evaluated, found while it was compiled.
  record Failing(LogicError error) implements Node {
    @Override
    public Object evaluate(Frame frame) {
      throw error;
    }
  }
}
