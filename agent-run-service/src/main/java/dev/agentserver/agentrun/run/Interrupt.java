package dev.agentserver.agentrun.run;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A question of a run to people.
///
/// @param stepKey the step that waits; null: none
/// @param payload JSON
/// @param responseSchema JSON
/// @param response JSON
record Interrupt(
    UUID id,
    UUID runId,
    @Nullable String stepKey,
    Kind kind,
    String prompt,
    @Nullable String payload,
    @Nullable String responseSchema,
    State state,
    boolean approved,
    @Nullable String response,
    @Nullable UUID actorId,
    Instant expiresAt,
    Instant createdAt,
    @Nullable Instant endedAt) {
  enum Kind {
    APPROVAL,
    QUESTION
  }

  enum State {
    OPEN,
    RESOLVED,
    EXPIRED,
    CANCELLED
  }

  /// What a worker wants to ask.
  ///
  /// @param patience null: the usual
  record Draft(
      @Nullable String stepKey,
      Kind kind,
      String prompt,
      @Nullable String payload,
      @Nullable String responseSchema,
      @Nullable Duration patience) {}
}
