package dev.agentserver.agentrun.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which run, whose, and where it belongs: what its events are filed under.
///
/// @param sessionId null: it is part of no session
/// @param conversationId null: it answers in no conversation
public record RunKey(
    UUID tenantId,
    UUID runId,
    UUID userId,
    @Nullable UUID sessionId,
    @Nullable UUID conversationId) {}
