package dev.agentserver.conversation.hold;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Why a conversation is kept whatever happens, and since when.
///
/// @param hiddenAt since when nobody finds the conversation; null: it is there
record LegalHold(
    UUID conversationId,
    String reason,
    Instant createdAt,
    UUID ownerId,
    @Nullable Instant hiddenAt) {}
