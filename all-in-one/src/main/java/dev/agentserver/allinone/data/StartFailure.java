package dev.agentserver.allinone.data;

/// Something that keeps the system from starting and that a person can act on. Its message is
/// printed as it is, without a stack trace, so it says what is wrong, where, and what to do.
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
