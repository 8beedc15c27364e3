package dev.agentserver.settings.reveal;

import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.settings.credential.Credentials;
import io.grpc.BindableService;

/// What gives secrets away.
public record RevealWiring(BindableService service, RunGrantPeerRpc peer) implements AutoCloseable {
  /// @param agentRun where agent-run-service is
  /// @param token what this service proves itself with there
  public static RevealWiring open(
      KitRuntime kit, Credentials credentials, String agentRun, ServiceToken token) {
    var grants = new RunGrantPeerRpc(agentRun, token);
    return new RevealWiring(
        new SecretAccessRpc(new Reveals(kit.database(), kit.audit(), credentials, grants)), grants);
  }

  @Override
  public void close() {
    peer.close();
  }
}
