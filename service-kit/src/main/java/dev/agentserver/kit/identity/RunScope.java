package dev.agentserver.kit.identity;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the token of an agent's run is bound to: whoever holds it acts for the run's user, in the
/// run's conversation and nowhere else.
///
/// @param runId the run
/// @param conversationId the conversation that the run answers in; null: it may touch none
/// @param sessionId the session that the run is part of; null: none
/// @param leaseEpoch names the lease of the worker that runs it; a later one has replaced it
public record RunScope(
    UUID runId, @Nullable UUID conversationId, @Nullable UUID sessionId, long leaseEpoch) {}
