package dev.agentserver.agentrun.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who used something, and what for. None of it needs to be there any more.
public record Attribution(
    UUID tenantId,
    @Nullable UUID userId,
    @Nullable UUID agentId,
    @Nullable UUID runId,
    @Nullable String stepKey,
    @Nullable UUID sessionId,
    @Nullable UUID conversationId,
    @Nullable UUID projectId,
    @Nullable UUID messageId) {
  /// The same of nobody in particular.
  public Attribution withoutUser() {
    return new Attribution(
        tenantId, null, agentId, runId, stepKey, sessionId, conversationId, projectId, messageId);
  }
}
