package dev.agentserver.agentrun.agent;

import java.util.UUID;

/// The version of an agent that a run keeps to, whatever becomes of the agent.
public record PinnedAgent(UUID agentId, int version, String name, AgentConfig config) {}
