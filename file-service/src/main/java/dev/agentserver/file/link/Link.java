package dev.agentserver.file.link;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A use of a file.
public record Link(UUID id, Use use, Instant createdAt) {
  /// Where a file is used: in a conversation, as an artifact of a session, or by an agent.
  ///
  /// @param conversationId of an artifact, what its session is talked about in; null: none
  /// @param messageId null: by the conversation as a whole
  /// @param sessionId null: it is no artifact
  /// @param agentId null: no agent uses it
  public record Use(
      UUID fileId,
      @Nullable UUID conversationId,
      @Nullable UUID messageId,
      @Nullable UUID sessionId,
      @Nullable UUID agentId) {
    public static Use inConversation(UUID fileId, UUID conversationId, @Nullable UUID messageId) {
      return new Use(fileId, conversationId, messageId, null, null);
    }

    public static Use ofSession(UUID fileId, UUID sessionId, @Nullable UUID conversationId) {
      return new Use(fileId, conversationId, null, sessionId, null);
    }

    public static Use byAgent(UUID fileId, UUID agentId) {
      return new Use(fileId, null, null, null, agentId);
    }
  }
}
