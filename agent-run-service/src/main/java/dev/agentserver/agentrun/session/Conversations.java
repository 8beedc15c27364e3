package dev.agentserver.agentrun.session;

import java.util.UUID;

/// The conversations, as sessions need them.
@FunctionalInterface
public interface Conversations {
  /// Fails with NotFound where the caller at hand may not see such a conversation. It asks another
  /// service: never within a transaction.
  void require(UUID conversationId);
}
