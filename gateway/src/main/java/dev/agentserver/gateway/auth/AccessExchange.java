package dev.agentserver.gateway.auth;

import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Asks AccessService.
public final class AccessExchange implements TokenExchange {
  private static final String NAME = "access";

  private final Channel channel;
  private final Duration timeout;
  private final Answers answers;

  public AccessExchange(Channel channel, Duration timeout, Answers answers) {
    this.channel = channel;
    this.timeout = timeout;
    this.answers = answers;
  }

  @Override
  public AccessToken exchange(String apiKey) {
    try {
      var reply =
          AccessServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .exchangeToken(ExchangeTokenRequest.newBuilder().setApiKey(apiKey).build());
      var expires = reply.getExpiresAt();
      return new AccessToken(
          reply.getAccessToken(), Instant.ofEpochSecond(expires.getSeconds(), expires.getNanos()));
    } catch (StatusRuntimeException refused) {
      var trailers = refused.getTrailers() == null ? new Metadata() : refused.getTrailers();
      var byService = trailers.containsKey(Answers.DETAILS);
      throw answers.fault(refused.getStatus(), trailers, byService, NAME);
    }
  }
}
