package dev.agentserver.gateway.auth;

import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.TicketCredential;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
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
  public IssuedToken exchange(Credential credential) {
    try {
      var reply =
          AccessServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .exchangeToken(request(credential));
      return IssuedToken.of(reply.getAccessToken());
    } catch (StatusRuntimeException refused) {
      var trailers = refused.getTrailers() == null ? new Metadata() : refused.getTrailers();
      var byService = trailers.containsKey(Answers.DETAILS);
      throw answers.fault(refused.getStatus(), trailers, byService, NAME);
    }
  }

  private static ExchangeTokenRequest request(Credential credential) {
    var request = ExchangeTokenRequest.newBuilder();
    return switch (credential) {
      case Credential.Key(var text) -> request.setApiKey(text).build();
      case Credential.Oidc(var text) -> request.setOidcToken(text).build();
      case Credential.Ticket(var text, var path) ->
          request.setTicket(TicketCredential.newBuilder().setTicket(text).setPath(path)).build();
    };
  }
}
