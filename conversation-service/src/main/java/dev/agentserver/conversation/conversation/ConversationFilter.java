package dev.agentserver.conversation.conversation;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which conversations are wanted; null asks nothing.
public record ConversationFilter(
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    @Nullable UUID agentId,
    boolean archived,
    @Nullable Boolean pinned,
    @Nullable Boolean shared,
    @Nullable String titleContains,
    @Nullable String externalId,
    Map<String, String> metadata,
    boolean showDeleted,
    @Nullable UUID tagId) {}
