package dev.agentserver.file.link;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A use of a file.
public record Link(UUID id, Use use, Instant createdAt) {
  /// Where a file is used.
  ///
  /// @param messageId null: by the conversation as a whole
  public record Use(UUID fileId, UUID conversationId, @Nullable UUID messageId) {}
}
