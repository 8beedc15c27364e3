package dev.agentserver.conversation.search;

import dev.agentserver.conversation.message.Role;
import java.time.Instant;
import java.util.UUID;

/// A message that was found.
record Match(
    UUID messageId,
    UUID conversationId,
    String title,
    Role role,
    Instant createdAt,
    Snippet snippet) {
  /// The sort key: what a page token holds.
  record Position(Instant createdAt, UUID messageId) {}

  Position position() {
    return new Position(createdAt, messageId);
  }
}
