package dev.agentserver.agentrun.run;

import java.util.UUID;

/// The conversations, as runs need them.
@FunctionalInterface
public interface Conversations {
  /// Fails with NotFound where the caller at hand may not write in such a conversation. It asks
  /// another service: never within a transaction.
  void requireWritable(UUID conversationId);
}
