package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.Run.Fault;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that a run did.
///
/// @param leaseEpoch the lease that last began it
/// @param input JSON
/// @param output JSON
record Step(
    String key,
    int position,
    @Nullable String parentKey,
    Kind kind,
    String name,
    State state,
    int attempt,
    long leaseEpoch,
    @Nullable String input,
    @Nullable String output,
    @Nullable Fault fault,
    Instant startedAt,
    @Nullable Instant endedAt) {
  enum Kind {
    MODEL,
    TOOL,
    OTHER
  }

  enum State {
    RUNNING,
    WAITING,
    SUCCEEDED,
    FAILED
  }

  /// What a worker wants to do.
  ///
  /// @param toolId of a step of kind TOOL
  /// @param input JSON
  record Draft(
      String key,
      Kind kind,
      String name,
      @Nullable UUID toolId,
      @Nullable String parentKey,
      @Nullable String input) {}
}
