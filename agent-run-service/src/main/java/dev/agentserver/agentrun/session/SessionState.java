package dev.agentserver.agentrun.session;

/// What is going on in a session.
public enum SessionState {
  CREATED,
  ACTIVE,
  WAITING,
  PAUSED,
  COMPLETE,
  FAILED,
  CANCELLED;

  public boolean isEnded() {
    return this == COMPLETE || this == FAILED || this == CANCELLED;
  }
}
