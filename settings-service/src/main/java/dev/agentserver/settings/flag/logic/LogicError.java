package dev.agentserver.settings.flag.logic;

/// A rule that cannot be compiled, or that its values make impossible to evaluate.
public final class LogicError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Arithmetic or an order that needs numbers, on something that is none.
  static final LogicError NOT_A_NUMBER = new LogicError("a value is not a number");

  LogicError(String message) {
    super(message, null, false, false);
  }

  static LogicError arguments(String operator) {
    return new LogicError("\"" + operator + "\" cannot take these arguments");
  }
}
