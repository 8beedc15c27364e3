package dev.agentserver.commandline.history;

import dev.agentserver.conversation.v1.MessageDraft;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One message of a history.
///
/// @param parent the message it answers; null: the conversation begins with it
/// @param draft the message with its id and the time it was said
public record Turn(@Nullable UUID parent, MessageDraft draft) {
  /// The message's id.
  public UUID id() {
    return UUID.fromString(draft.getId());
  }
}
