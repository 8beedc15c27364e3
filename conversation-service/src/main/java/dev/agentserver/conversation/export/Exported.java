package dev.agentserver.conversation.export;

import dev.agentserver.conversation.feedback.Feedback;
import dev.agentserver.conversation.message.Message;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message of a file.
///
/// @param parent the one it answers; null: it begins the conversation
/// @param feedback what the reader thinks of it; null: nothing was said
record Exported(Message message, @Nullable Parent parent, @Nullable Feedback feedback) {
  Exported(Message message, @Nullable Parent parent) {
    this(message, parent, null);
  }

  Exported with(@Nullable Feedback feedback) {
    return new Exported(message, parent, feedback);
  }

  /// A message that others answer.
  record Parent(UUID id, int branchNo, int depth) {}
}
