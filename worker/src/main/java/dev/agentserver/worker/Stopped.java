package dev.agentserver.worker;

/// Thrown through a handler whose run is to go no further here. The library has thrown it and
/// catches it; a handler lets it pass.
public final class Stopped extends RuntimeException {
  /// Why.
  public enum Reason {
    /// The lease has ended: whatever the worker would write is refused.
    LOST,
    /// The run waits for people, and the lease has ended with the question.
    WAITING,
    /// The run is to end.
    CANCELLED,
    /// The run is to pause.
    PAUSED,
    /// The worker is being closed.
    CLOSING;

    /// Whether the lease has ended, so that nothing can be written any more.
    boolean over() {
      return this == LOST || this == WAITING;
    }
  }

  private final Reason reason;

  Stopped(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
