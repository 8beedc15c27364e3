package dev.agentserver.agentrun.analytics;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that a user did with an application.
///
/// @param id among the events of the user
/// @param occurredAt null: now
record AnalyticsEvent(
    UUID id,
    String name,
    @Nullable UUID agentId,
    @Nullable UUID sessionId,
    @Nullable UUID conversationId,
    Map<String, String> properties,
    @Nullable Instant occurredAt) {}
