package dev.agentserver.conversation.sidebar;

import dev.agentserver.conversation.conversation.Conversation;
import java.time.Instant;
import java.util.UUID;

/// What somebody who follows their list is sent.
public sealed interface Change {
  /// How far the list was followed by now, as the database counts time.
  Instant seen();

  /// An entry as it is now.
  record Shown(Instant seen, Conversation conversation) implements Change {}

  /// An entry that is in the list no more.
  record Gone(Instant seen, UUID conversationId) implements Change {}

  /// What changed since the list was last followed is not known: it has to be read again.
  record Reset(Instant seen) implements Change {}

  /// The stream is alive.
  record Heartbeat(Instant seen) implements Change {}

  /// The caller's token has expired; the stream ends.
  record Expired(Instant seen) implements Change {}

  /// The caller's token was revoked; the stream ends.
  record Revoked(Instant seen) implements Change {}
}
