package dev.agentserver.conversation.hold;

import java.time.Instant;
import java.util.UUID;

/// Why a conversation is kept whatever happens, and since when.
record LegalHold(UUID conversationId, String reason, Instant createdAt) {}
