package dev.agentserver.conversation.search;

import dev.agentserver.conversation.message.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which messages are wanted; null asks nothing.
record Criteria(
    Query query,
    @Nullable UUID conversationId,
    @Nullable UUID tagId,
    @Nullable Role role,
    @Nullable Instant startTime,
    @Nullable Instant endTime) {}
