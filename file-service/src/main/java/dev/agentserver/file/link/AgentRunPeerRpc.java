package dev.agentserver.file.link;

import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.CheckFileAccessRequest;
import dev.agentserver.agentrun.v1.FileAccessServiceGrpc;
import dev.agentserver.agentrun.v1.GetAgentRequest;
import dev.agentserver.kit.grpc.CallerPeer;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;

/// Asks agent-run-service, as the caller at hand.
public final class AgentRunPeerRpc implements AgentRunPeer {
  private static final String WRITE = "agent:write";
  /// What the contract takes at once.
  private static final int MOST = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CallerPeer peer;

  public AgentRunPeerRpc(Channel channel) {
    this.peer = new CallerPeer(channel, "agent-run-service", PATIENCE);
  }

  @Override
  public boolean isReadable(Collection<UUID> sessionIds, Collection<UUID> agentIds) {
    var request =
        CheckFileAccessRequest.newBuilder()
            .addAllSessionIds(sessionIds.stream().limit(MOST).map(UUID::toString).toList())
            .addAllAgentIds(agentIds.stream().limit(MOST).map(UUID::toString).toList())
            .build();
    return peer.find(
            FileAccessServiceGrpc::newBlockingStub,
            access -> access.checkFileAccess(request).getReadable())
        .orElse(false);
  }

  @Override
  public void requireAgent(UUID agentId) {
    var request = GetAgentRequest.newBuilder().setAgentId(agentId.toString()).build();
    var caller = Callers.current();
    peer.find(AgentServiceGrpc::newBlockingStub, agents -> agents.getAgent(request))
        .filter(
            agent ->
                caller.mayAny(WRITE)
                    || (caller.may(WRITE)
                        && agent.getOwnerId().equals(caller.principalId().toString())))
        .orElseThrow(() -> new Problem.NotFound("agent", agentId.toString()).raise());
  }
}
