package dev.agentserver.conversation.context;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A stored summary of a path.
///
/// @param messageId the last message that it tells of
/// @param depth where that is on the path
/// @param tokens as they were given; null: nobody has said
record Checkpoint(
    UUID messageId,
    UUID conversationId,
    int depth,
    String summary,
    @Nullable Integer tokens,
    Instant createdAt) {}
