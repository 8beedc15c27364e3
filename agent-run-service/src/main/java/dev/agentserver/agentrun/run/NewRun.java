package dev.agentserver.agentrun.run;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody asks a run for.
///
/// @param id null: one is made
/// @param input JSON; null: none
/// @param timeout null: the usual
/// @param maxAttempts 0: the usual
public record NewRun(
    @Nullable UUID id,
    @Nullable UUID agentId,
    @Nullable UUID conversationId,
    @Nullable UUID sessionId,
    @Nullable UUID inputMessageId,
    @Nullable UUID parentRunId,
    @Nullable String type,
    @Nullable String input,
    String queue,
    Strategy strategy,
    boolean selfExecute,
    int maxAttempts,
    @Nullable Duration timeout,
    @Nullable String externalId,
    @Nullable String externalSessionId,
    Map<String, String> metadata) {
  /// What is done where another run of the conversation or session is active.
  public enum Strategy {
    REJECT,
    ENQUEUE,
    INTERRUPT,
    ROLLBACK
  }
}
