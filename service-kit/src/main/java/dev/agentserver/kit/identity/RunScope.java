package dev.agentserver.kit.identity;

import java.util.UUID;

/// What the token of an agent's run is bound to: whoever holds it acts for the run's user, in the
/// run's conversation and nowhere else.
///
/// @param runId the run
/// @param conversationId the conversation that the run answers in
/// @param leaseEpoch names the lease of the worker that runs it; a later one has replaced it
public record RunScope(UUID runId, UUID conversationId, long leaseEpoch) {}
