package dev.agentserver.settings.flag.logic;

import org.jspecify.annotations.Nullable;

/// Compiles the arguments of one operator.
@FunctionalInterface
interface Operator {
  /// @throws LogicError where no values could make sense of the arguments
  Node compile(@Nullable Object arguments, Compiler compiler);
}
