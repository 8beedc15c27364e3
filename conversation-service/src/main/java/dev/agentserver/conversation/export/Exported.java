package dev.agentserver.conversation.export;

import dev.agentserver.conversation.message.Message;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message of a file.
///
/// @param parent the one it answers; null: it begins the conversation
record Exported(Message message, @Nullable Parent parent) {
  /// A message that others answer.
  record Parent(UUID id, int branchNo, int depth) {}
}
