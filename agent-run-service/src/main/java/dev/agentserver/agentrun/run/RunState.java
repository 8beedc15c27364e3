package dev.agentserver.agentrun.run;

import java.util.EnumSet;
import java.util.Set;

/// What has become of a run, and what can become of it.
public enum RunState {
  /// Behind another run of its conversation or session.
  PENDING,
  /// Waits for a worker.
  QUEUED,
  /// Leased.
  RUNNING,
  /// Waits for people.
  REQUIRES_ACTION,
  /// Waits until it is resumed.
  PAUSED,
  /// Leased, and told to end.
  CANCELLING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT,
  SUPERSEDED;

  private static final Set<RunState> OVER =
      EnumSet.of(SUCCEEDED, FAILED, CANCELLED, TIMED_OUT, SUPERSEDED);

  /// The states that may follow.
  public Set<RunState> next() {
    return switch (this) {
      case PENDING -> EnumSet.of(QUEUED, CANCELLED, TIMED_OUT, SUPERSEDED);
      case QUEUED -> EnumSet.of(RUNNING, PAUSED, CANCELLED, TIMED_OUT, SUPERSEDED);
      case RUNNING ->
          EnumSet.of(
              QUEUED,
              REQUIRES_ACTION,
              PAUSED,
              CANCELLING,
              SUCCEEDED,
              FAILED,
              CANCELLED,
              TIMED_OUT,
              SUPERSEDED);
      // One that executes itself goes on where it was.
      case REQUIRES_ACTION -> EnumSet.of(QUEUED, RUNNING, FAILED, CANCELLED, TIMED_OUT, SUPERSEDED);
      case PAUSED -> EnumSet.of(QUEUED, RUNNING, CANCELLED, TIMED_OUT, SUPERSEDED);
      case CANCELLING -> EnumSet.of(CANCELLED, SUPERSEDED);
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT, SUPERSEDED -> EnumSet.noneOf(RunState.class);
    };
  }

  /// Whether it has ended.
  public boolean over() {
    return OVER.contains(this);
  }

  /// Whether it keeps other runs of its conversation or session waiting.
  public boolean active() {
    return this != PENDING && !over();
  }

  /// Whether somebody holds a lease.
  public boolean leased() {
    return this == RUNNING || this == CANCELLING;
  }

  /// Those in which a run is active.
  public static Set<RunState> allActive() {
    return EnumSet.of(QUEUED, RUNNING, REQUIRES_ACTION, PAUSED, CANCELLING);
  }
}
