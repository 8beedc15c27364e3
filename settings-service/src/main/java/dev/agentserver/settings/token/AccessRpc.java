package dev.agentserver.settings.token;

import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.token.Access.Question;
import dev.agentserver.settings.token.Exchange.OnBehalf;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.BatchCheckPermissionRequest;
import dev.agentserver.settings.v1.BatchCheckPermissionResponse;
import dev.agentserver.settings.v1.CheckPermissionRequest;
import dev.agentserver.settings.v1.CheckPermissionResponse;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.settings.v1.GetJwksRequest;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.IssueTicketRequest;
import dev.agentserver.settings.v1.Jwk;
import dev.agentserver.settings.v1.Jwks;
import dev.agentserver.settings.v1.Me;
import dev.agentserver.settings.v1.Ticket;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// AccessService: translation between the contract and [Exchange], [SigningKeys] and [Access].
public final class AccessRpc implements BindableService {
  private final Exchange exchange;
  private final OidcSignIn oidc;
  private final SigningKeys keys;
  private final TicketVerifier tickets;
  private final Access access;

  /// @param tickets verifies the tickets that come back
  public AccessRpc(
      Exchange exchange, OidcSignIn oidc, SigningKeys keys, TicketVerifier tickets, Access access) {
    this.exchange = exchange;
    this.oidc = oidc;
    this.keys = keys;
    this.tickets = tickets;
    this.access = access;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AccessServiceGrpc.getServiceDescriptor())
        .unary(AccessServiceGrpc.getExchangeTokenMethod(), this::exchange)
        .unary(AccessServiceGrpc.getIssueTicketMethod(), this::ticket)
        .unary(AccessServiceGrpc.getGetMeMethod(), this::me)
        .unary(AccessServiceGrpc.getCheckPermissionMethod(), this::check)
        .unary(AccessServiceGrpc.getBatchCheckPermissionMethod(), this::batchCheck)
        .unary(AccessServiceGrpc.getGetJwksMethod(), this::jwks)
        .build();
  }

  private ExchangeTokenResponse exchange(ExchangeTokenRequest request) {
    var token = keys.tokens().issue(principal(request));
    return ExchangeTokenResponse.newBuilder()
        .setAccessToken(token.jwt())
        .setExpiresAt(timestamp(token.expiresAt()))
        .build();
  }

  private Caller principal(ExchangeTokenRequest request) {
    var caller =
        switch (request.getCredentialCase()) {
          case API_KEY -> exchange.apiKey(request.getApiKey());
          case SERVICE_CREDENTIAL -> exchange.service(request.getServiceCredential());
          case TICKET ->
              tickets.verify(request.getTicket().getTicket(), request.getTicket().getPath());
          case OIDC_TOKEN -> oidc.signIn(request.getOidcToken());
          case CREDENTIAL_NOT_SET -> throw Problem.invalid("credential", "is required");
        };
    if (!request.hasOnBehalfOf()) {
      return caller;
    }
    var user = request.getOnBehalfOf();
    return exchange.onBehalfOf(
        caller,
        new OnBehalf(
            user.getExternalSubject(), user.getEmail(), user.getName(), user.getRolesList()));
  }

  private Ticket ticket(IssueTicketRequest request) {
    var ticket = keys.tickets().issue(Callers.current(), request.getPath());
    return Ticket.newBuilder()
        .setTicket(ticket.text())
        .setExpiresAt(timestamp(ticket.expiresAt()))
        .build();
  }

  private Me me(GetMeRequest request) {
    var caller = Callers.current();
    return ProfileProto.me(caller, access.me(caller));
  }

  private CheckPermissionResponse check(CheckPermissionRequest request) {
    return check(List.of(request)).getFirst();
  }

  private BatchCheckPermissionResponse batchCheck(BatchCheckPermissionRequest request) {
    return BatchCheckPermissionResponse.newBuilder()
        .addAllChecks(check(request.getChecksList()))
        .build();
  }

  private List<CheckPermissionResponse> check(List<CheckPermissionRequest> requests) {
    var caller = Callers.current();
    var questions = requests.stream().map(request -> question(caller, request)).toList();
    return access.check(caller, questions).stream()
        .map(allowed -> CheckPermissionResponse.newBuilder().setAllowed(allowed).build())
        .toList();
  }

  private static Question question(Caller caller, CheckPermissionRequest request) {
    var userId = request.getUserId();
    return new Question(
        userId.isEmpty() ? caller.principalId() : UUID.fromString(userId), request.getPermission());
  }

  private Jwks jwks(GetJwksRequest request) {
    return Jwks.newBuilder().addAllKeys(keys.fetch().stream().map(AccessRpc::jwk).toList()).build();
  }

  private static Jwk jwk(PublicJwk key) {
    return Jwk.newBuilder()
        .setKty("EC")
        .setCrv("P-256")
        .setX(key.x())
        .setY(key.y())
        .setKid(key.kid())
        .setUse("sig")
        .setAlg("ES256")
        .build();
  }
}
