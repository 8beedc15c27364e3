package dev.agentserver.agentrun.agent;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which agents are wanted; null asks nothing.
public record AgentFilter(
    Agent.@Nullable State state,
    @Nullable String category,
    @Nullable UUID templateId,
    @Nullable UUID ownerId,
    @Nullable Boolean favorite,
    @Nullable String nameContains,
    @Nullable String externalId,
    Map<String, String> metadata) {}
