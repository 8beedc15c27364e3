package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.identity.JwksClient;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.GetJwksRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks AccessService for the keys that access tokens are verified with.
public final class AccessPeer implements JwksClient, AutoCloseable {
  private final ManagedChannel channel;
  private final Duration timeout;

  public AccessPeer(AccessConfig config) {
    this.channel = Peers.channel(config.accessTarget());
    this.timeout = config.fetchTimeout();
  }

  /// Asks outside the call that happens to need the keys: they are for all calls, whatever becomes
  /// of this one.
  @Override
  public List<PublicJwk> fetch() {
    var before = Context.ROOT.attach();
    try {
      return AccessServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
          .getJwks(GetJwksRequest.getDefaultInstance())
          .getKeysList()
          .stream()
          .map(key -> new PublicJwk(key.getKid(), key.getX(), key.getY()))
          .toList();
    } finally {
      Context.ROOT.detach(before);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
