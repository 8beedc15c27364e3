package dev.agentserver.file.link;

import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// conversation-service, as it answers the caller at hand. It asks another service: never within a
/// transaction.
public interface ConversationPeer {
  /// Whether the caller may read one of these conversations, or a message that the file goes with.
  boolean isReadable(UUID fileId, Collection<UUID> conversationIds);

  /// Fails with NotFound where the caller may not write in such a conversation, or where there is
  /// no such message in it.
  void requireWritable(UUID conversationId, @Nullable UUID messageId);
}
