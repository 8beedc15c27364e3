package dev.agentserver.agentrun.link;

import java.util.UUID;

/// conversation-service, as it answers the caller at hand. It asks another service: never within a
/// transaction.
public interface ConversationPeer {
  /// Fails with NotFound where the caller may not see such a conversation.
  void require(UUID id);

  /// Fails with NotFound where the caller may not write in such a conversation.
  void requireWritable(UUID id);

  /// The conversation that a message was said in; fails with NotFound where the caller may see no
  /// such message.
  UUID conversationOf(UUID messageId);
}
