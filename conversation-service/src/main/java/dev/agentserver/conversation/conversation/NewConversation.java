package dev.agentserver.conversation.conversation;

import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.message.NewMessage;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A conversation to be made.
///
/// @param id the id the client chose, if it did
public record NewConversation(
    @Nullable UUID id, Attributes attributes, boolean temporary, List<NewMessage> messages) {}
