package dev.agentserver.conversation.feedback;

import java.time.Instant;
import java.util.UUID;

/// What somebody thinks of a message.
public record Feedback(UUID messageId, Rating rating, String comment, Instant updatedAt) {
  /// Whether it helped.
  public enum Rating {
    UP,
    DOWN
  }
}
