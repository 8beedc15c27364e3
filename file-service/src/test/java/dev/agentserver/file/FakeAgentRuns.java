package dev.agentserver.file;

import dev.agentserver.file.link.AgentRunPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Sessions and agents, and whose they are.
final class FakeAgentRuns implements AgentRunPeer {
  private final Map<UUID, UUID> owners = new ConcurrentHashMap<>();

  /// A session or an agent of somebody's.
  UUID of(UUID user) {
    var id = UUID.randomUUID();
    owners.put(id, user);
    return id;
  }

  @Override
  public boolean isReadable(Collection<UUID> sessionIds, Collection<UUID> agentIds) {
    var run = Callers.current().run();
    return Stream.concat(
            sessionIds.stream().filter(id -> run == null || id.equals(run.sessionId())),
            agentIds.stream())
        .anyMatch(FakeAgentRuns.this::isOwn);
  }

  @Override
  public void requireAgent(UUID agentId) {
    if (!isOwn(agentId)) {
      throw new Problem.NotFound("agent", agentId.toString()).raise();
    }
  }

  private boolean isOwn(UUID id) {
    return Callers.current().principalId().equals(owners.get(id));
  }
}
