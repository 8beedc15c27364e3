package dev.agentserver.conversation.share;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A way to read one path of a conversation without an account.
///
/// @param messageId the last message of the path
/// @param userId who made it
/// @param expiresAt null: it does not end by itself
record ShareLink(
    UUID id,
    UUID conversationId,
    UUID messageId,
    UUID userId,
    Instant createdAt,
    @Nullable Instant expiresAt) {}
