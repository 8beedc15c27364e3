package dev.agentserver.allinone.identity;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.identity.TicketIssuer;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.settings.v1.GetJwksRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.Jwk;
import dev.agentserver.settings.v1.Jwks;
import dev.agentserver.settings.v1.Ticket;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;

/// AccessService as the contract states it, for the development identity.
final class AccessRpc implements BindableService {
  private final DevelopmentIdentity identity;
  private final TokenIssuer tokens;
  private final TicketIssuer tickets;
  private final TicketVerifier presented;
  private final PublicJwk key;

  /// @param presented verifies the tickets that come back
  AccessRpc(
      DevelopmentIdentity identity,
      TokenIssuer tokens,
      TicketIssuer tickets,
      TicketVerifier presented,
      PublicJwk key) {
    this.identity = identity;
    this.tokens = tokens;
    this.tickets = tickets;
    this.presented = presented;
    this.key = key;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AccessServiceGrpc.getServiceDescriptor())
        .unary(AccessServiceGrpc.getExchangeTokenMethod(), this::exchange)
        .unary(AccessServiceGrpc.getIssueTicketMethod(), this::ticket)
        .unary(AccessServiceGrpc.getGetJwksMethod(), this::jwks)
        .build();
  }

  private ExchangeTokenResponse exchange(ExchangeTokenRequest request) {
    var token = tokens.issue(principal(request));
    return ExchangeTokenResponse.newBuilder()
        .setAccessToken(token.jwt())
        .setExpiresAt(time(token.expiresAt()))
        .build();
  }

  private Ticket ticket(IssueTicketRequest request) {
    var ticket = tickets.issue(Callers.current(), request.getPath());
    return Ticket.newBuilder()
        .setTicket(ticket.text())
        .setExpiresAt(time(ticket.expiresAt()))
        .build();
  }

  private static Timestamp time(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private Caller principal(ExchangeTokenRequest request) {
    var caller =
        switch (request.getCredentialCase()) {
          case API_KEY -> identity.owner(request.getApiKey());
          case SERVICE_CREDENTIAL -> identity.service(request.getServiceCredential());
          case TICKET ->
              presented.verify(request.getTicket().getTicket(), request.getTicket().getPath());
          case CREDENTIAL_NOT_SET -> throw Problem.invalid("credential", "is required");
        };
    if (!request.hasOnBehalfOf()) {
      return caller;
    }
    var user = request.getOnBehalfOf();
    return identity.onBehalfOf(caller, user.getExternalSubject(), user.getRolesList());
  }

  private Jwks jwks(GetJwksRequest request) {
    var jwk =
        Jwk.newBuilder()
            .setKty("EC")
            .setCrv("P-256")
            .setX(key.x())
            .setY(key.y())
            .setKid(key.kid())
            .setUse("sig")
            .setAlg("ES256");
    return Jwks.newBuilder().addKeys(jwk).build();
  }
}
