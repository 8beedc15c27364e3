package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.session.SessionState;
import java.util.Optional;

/// What can be done to a session's state.
public enum Transition {
  START,
  PAUSE,
  RESUME,
  COMPLETE,
  FAIL,
  CANCEL,
  RETRY,
  EXPIRE;

  /// Where it leads; empty where it is not allowed.
  ///
  /// @param waiting whether a run waits for an answer
  public Optional<SessionState> from(SessionState state, boolean waiting) {
    var to = target(waiting);
    return isLegalFrom(state) ? Optional.of(to) : Optional.empty();
  }

  private SessionState target(boolean waiting) {
    return switch (this) {
      case START, RESUME, RETRY -> waiting ? SessionState.WAITING : SessionState.ACTIVE;
      case PAUSE -> SessionState.PAUSED;
      case COMPLETE -> SessionState.COMPLETE;
      case FAIL, EXPIRE -> SessionState.FAILED;
      case CANCEL -> SessionState.CANCELLED;
    };
  }

  private boolean isLegalFrom(SessionState state) {
    return switch (this) {
      case START -> state == SessionState.CREATED;
      case PAUSE -> state == SessionState.ACTIVE || state == SessionState.WAITING;
      case RESUME -> state == SessionState.PAUSED;
      case COMPLETE -> state == SessionState.ACTIVE;
      case FAIL -> !state.isEnded() && state != SessionState.CREATED;
      case CANCEL, EXPIRE -> !state.isEnded();
      case RETRY -> state == SessionState.FAILED;
    };
  }
}
