package dev.agentserver.conversation.context;

import dev.agentserver.conversation.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model gets to see.
///
/// @param messages oldest first
/// @param summary of messages that are left out; null: there are none, or no summary
/// @param omitted the places of the path that are left out
/// @param uncovered those of them that the summary does not tell of either
record Context(
    List<Message> messages,
    @Nullable Checkpoint summary,
    Tokens tokens,
    int omitted,
    int uncovered) {}
