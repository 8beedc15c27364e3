package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import org.jspecify.annotations.Nullable;

/// What an update makes of an agent.
@FunctionalInterface
public interface Change {
  /// What the agent is to be.
  ///
  /// @param config null: as it is
  record Result(Attributes attributes, @Nullable AgentConfig config) {}

  Result applyTo(Agent current);
}
