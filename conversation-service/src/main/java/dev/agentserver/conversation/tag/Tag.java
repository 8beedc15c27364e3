package dev.agentserver.conversation.tag;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A word that conversations are found by.
///
/// @param ownerId whose it is; null: the organization's
public record Tag(UUID id, @Nullable UUID ownerId, String name, Instant createdAt) {
  public boolean organization() {
    return ownerId == null;
  }
}
