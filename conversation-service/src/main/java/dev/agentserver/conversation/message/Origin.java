package dev.agentserver.conversation.message;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What produced a message: the run, the agent and model, and what the provider said of it.
public record Origin(
    @Nullable UUID runId,
    @Nullable UUID agentId,
    String model,
    String finishReason,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    @Nullable String routingDecision) {}
