package dev.agentserver.kit.cancel;

/// Ends work that nobody waits for any more. It has no stack trace: it is no fault.
public final class Cancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Cancelled() {
    super("the call was cancelled", null, false, false);
  }
}
