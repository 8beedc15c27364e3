package dev.agentserver.kit.service;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.grpc.AccessPeer;
import dev.agentserver.kit.grpc.RevocationFeed;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.grpc.SettingFeed;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.KeyVerifier;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.identity.TokenVerifier;
import io.grpc.Channel;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a service knows who calls it: the keys that tokens are verified with, the exchange of API
/// keys, and what has been revoked. settings-service may start before or after.
public final class AccessRuntime implements AutoCloseable {
  private final AccessPeer peer;
  private final Revocations revocations = new Revocations();
  private final KeyVerifier verifier;
  private final Optional<ServiceToken> serviceToken;
  private final @Nullable RevocationFeed feed;
  private @Nullable SettingFeed settingFeed;

  private AccessRuntime(AccessConfig config, Clock clock) {
    this.peer = new AccessPeer(config);
    var tokens = new JwtVerifier(peer, clock, config.keysTtl(), config.keysOutage(), revocations);
    this.verifier = new KeyVerifier(tokens, peer::exchangeKey, revocations, clock);
    this.serviceToken = ServiceToken.of(peer, config.credential(), clock);
    this.feed =
        serviceToken
            .map(token -> RevocationFeed.start(peer, token, revocations, clock))
            .orElse(null);
  }

  public static AccessRuntime open(AccessConfig config, Clock clock) {
    return new AccessRuntime(config, clock);
  }

  public TokenVerifier verifier() {
    return verifier;
  }

  /// For what goes on after a call's token was verified: streams.
  public Revocations revocations() {
    return revocations;
  }

  /// What the service proves itself with in background work; empty without a credential.
  public Optional<ServiceToken> serviceToken() {
    return serviceToken;
  }

  /// settings-service, as this one calls it in background work; empty without a credential.
  public Optional<ServicePeer> settings() {
    return serviceToken.map(peer::asService);
  }

  /// settings-service, as this one calls it for whoever is served, whose token goes along.
  public Channel channel() {
    return peer.channel();
  }

  /// Has settings follow settings-service from now on; without a credential they stay as they are.
  ///
  /// @param service the name they are registered under
  public void follow(String service, LiveConfig settings) {
    settingFeed = settings().map(peer -> SettingFeed.start(peer, service, settings)).orElse(null);
  }

  @Override
  public void close() {
    if (settingFeed != null) {
      settingFeed.close();
    }
    if (feed != null) {
      feed.close();
    }
    verifier.close();
    peer.close();
  }
}
