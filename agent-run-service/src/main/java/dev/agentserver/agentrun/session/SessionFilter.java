package dev.agentserver.agentrun.session;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which sessions are wanted; null and nothing ask nothing.
public record SessionFilter(
    @Nullable UUID projectId,
    @Nullable UUID conversationId,
    Set<SessionState> states,
    @Nullable SessionType type,
    @Nullable Phase phase,
    @Nullable String slug,
    @Nullable String externalId,
    Map<String, String> metadata) {}
