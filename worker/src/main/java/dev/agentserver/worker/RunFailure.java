package dev.agentserver.worker;

/// Thrown by a handler to fail its run.
public final class RunFailure extends RuntimeException {
  private final String reason;
  private final boolean retryable;

  /// @param reason in a word for programs, at most 64 characters
  /// @param retryable whether another attempt may succeed
  public RunFailure(String reason, String message, boolean retryable) {
    super(message);
    this.reason = reason;
    this.retryable = retryable;
  }

  /// A step that must not be done: its tool is denied, or a person said no.
  static RunFailure denied(String stepKey) {
    return new RunFailure("TOOL_DENIED", "step " + stepKey + " must not be done", false);
  }

  /// What any exception means.
  static RunFailure of(Throwable failure) {
    return failure instanceof RunFailure own
        ? own
        : new RunFailure("WORKER_ERROR", failure.toString(), true);
  }

  public String reason() {
    return reason;
  }

  public boolean retryable() {
    return retryable;
  }

  /// As long as the contract allows.
  String text() {
    var text = String.valueOf(getMessage());
    return text.length() <= 1024 ? text : text.substring(0, 1024);
  }
}
