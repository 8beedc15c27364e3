package dev.agentserver.conversation.link;

import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.kit.grpc.CallerPeer;
import dev.agentserver.kit.grpc.Peers;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Asks agent-run-service, as the caller at hand.
public final class RunPeerRpc implements RunPeer, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ManagedChannel channel;
  private final CallerPeer peer;

  /// @param target where agent-run-service is; it is connected to when it is first asked
  public RunPeerRpc(String target) {
    this.channel = Peers.channel(target);
    this.peer = new CallerPeer(channel, "agent-run-service", PATIENCE);
  }

  @Override
  public Optional<Run> find(UUID runId) {
    var request = GetRunRequest.newBuilder().setRunId(runId.toString()).build();
    return peer.find(RunServiceGrpc::newBlockingStub, runs -> runs.getRun(request))
        .map(dev.agentserver.agentrun.v1.Run::getConversationId)
        .map(id -> new Run(id.isEmpty() ? null : UUID.fromString(id)));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
