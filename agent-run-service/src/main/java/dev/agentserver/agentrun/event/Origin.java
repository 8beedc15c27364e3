package dev.agentserver.agentrun.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where events come from, and so which stream they go to.
///
/// @param runId null: they happen to the session itself
/// @param userId whose run or session it is
public record Origin(UUID tenantId, Subject subject, @Nullable UUID runId, UUID userId) {
  /// A run.
  public static Origin run(
      UUID tenantId,
      UUID runId,
      @Nullable UUID sessionId,
      @Nullable UUID conversationId,
      UUID userId) {
    return new Origin(tenantId, Subject.ofRun(runId, sessionId, conversationId), runId, userId);
  }

  /// A session itself.
  public static Origin session(UUID tenantId, UUID sessionId, UUID ownerId) {
    return new Origin(tenantId, Subject.session(sessionId), null, ownerId);
  }
}
