package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.identity.JwksClient;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc.AccessServiceBlockingStub;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetJwksRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Asks AccessService: for the keys that access tokens are verified with, and for tokens.
///
/// It asks outside the call that happens to need the answer: keys and tokens are for all calls,
/// whatever becomes of this one.
public final class AccessPeer implements JwksClient, AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ManagedChannel channel;
  private final Duration timeout;

  public AccessPeer(AccessConfig config) {
    this.channel = Peers.channel(config.accessTarget());
    this.timeout = config.fetchTimeout();
  }

  @Override
  public List<PublicJwk> fetch() {
    return ask(
        access ->
            access.getJwks(GetJwksRequest.getDefaultInstance()).getKeysList().stream()
                .map(key -> new PublicJwk(key.getKid(), key.getX(), key.getY()))
                .toList());
  }

  /// The token of a caller's key. Fails with Unauthenticated where the key is not accepted, with
  /// Unavailable where nobody answers.
  public IssuedToken exchangeKey(String apiKey) {
    return exchange(ExchangeTokenRequest.newBuilder().setApiKey(apiKey).build());
  }

  /// The token of a service, likewise.
  public IssuedToken exchangeService(Secret credential) {
    return exchange(
        ExchangeTokenRequest.newBuilder().setServiceCredential(credential.value()).build());
  }

  private IssuedToken exchange(ExchangeTokenRequest request) {
    try {
      return IssuedToken.of(ask(access -> access.exchangeToken(request)).getAccessToken());
    } catch (StatusRuntimeException failed) {
      if (failed.getStatus().getCode() == Code.UNAUTHENTICATED) {
        throw new Problem.Unauthenticated("UNAUTHENTICATED", "the credential is not known").raise();
      }
      throw new Problem.Unavailable("access", RETRY).raise();
    }
  }

  private <T> T ask(Function<AccessServiceBlockingStub, T> question) {
    var before = Context.ROOT.attach();
    try {
      return question.apply(
          AccessServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } finally {
      Context.ROOT.detach(before);
    }
  }

  /// The same process, as a service that has proved itself calls it.
  public ServicePeer asService(ServiceToken token) {
    return new ServicePeer(channel, token);
  }

  /// The way to the other services at the same place.
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
