package dev.agentserver.file.link;

import java.util.Collection;
import java.util.UUID;

/// agent-run-service, as it answers the caller at hand. It asks another service: never within a
/// transaction.
public interface AgentRunPeer {
  /// Whether the caller may read one of these sessions or agents.
  boolean isReadable(Collection<UUID> sessionIds, Collection<UUID> agentIds);

  /// Fails with NotFound where the caller may not change such an agent.
  void requireAgent(UUID agentId);
}
