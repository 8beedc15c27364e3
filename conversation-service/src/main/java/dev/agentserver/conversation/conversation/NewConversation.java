package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.message.NewMessage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation to be made.
///
/// @param id the id the client chose, if it did
/// @param origin whose it is and since when, if it is not the caller's and not of now
public record NewConversation(
    @Nullable UUID id,
    Attributes attributes,
    boolean temporary,
    List<NewMessage> messages,
    Origin origin) {
  /// Where an imported conversation comes from.
  ///
  /// @param ownerId null: the caller
  /// @param createdAt null: now
  public record Origin(@Nullable UUID ownerId, @Nullable Instant createdAt) {
    /// The caller's, and of now.
    public static final Origin HERE = new Origin(null, null);
  }
}
