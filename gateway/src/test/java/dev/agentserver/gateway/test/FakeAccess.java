package dev.agentserver.gateway.test;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.identity.SigningKey;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.settings.v1.GetJwksRequest;
import dev.agentserver.settings.v1.Jwk;
import dev.agentserver.settings.v1.Jwks;
import dev.agentserver.settings.v1.TicketCredential;
import dev.agentserver.test.notebook.FailRequest;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Exchanges any key but one, any token of a provider, and one ticket at two paths, for a token
/// that names what it was exchanged for as its credential.
public final class FakeAccess extends AccessServiceGrpc.AccessServiceImplBase {
  /// The credential of a token that a ticket was exchanged for.
  public static final String TICKET = "the-ticket";

  /// That of a token that a provider's token was exchanged for.
  public static final String OIDC = "the-provider";

  private static final SigningKey SIGNING_KEY = SigningKey.generate();
  private static final TokenIssuer ISSUER =
      new TokenIssuer(SIGNING_KEY, Clock.systemUTC(), UUID::randomUUID);

  private final String refused;
  private final TicketCredential ticket;
  private final String door;
  private final AtomicInteger exchanges;

  FakeAccess(String refused, TicketCredential ticket, String door, AtomicInteger exchanges) {
    this.refused = refused;
    this.ticket = ticket;
    this.door = door;
    this.exchanges = exchanges;
  }

  @Override
  public void exchangeToken(
      ExchangeTokenRequest request, StreamObserver<ExchangeTokenResponse> observer) {
    exchanges.incrementAndGet();
    var refusal = refusal(request);
    if (refusal.isPresent()) {
      observer.onError(
          Notebook.failure(
              FailRequest.newBuilder()
                  .setCode(16)
                  .setMessage(refusal.get())
                  .setReason("UNAUTHENTICATED")
                  .build()));
      return;
    }
    var credential =
        switch (request.getCredentialCase()) {
          case TICKET -> TICKET;
          case OIDC_TOKEN -> OIDC;
          case API_KEY, SERVICE_CREDENTIAL, CREDENTIAL_NOT_SET -> request.getApiKey();
        };
    var token =
        ISSUER.issue(
            new Caller(
                UUID.randomUUID(),
                UUID.randomUUID(),
                Caller.Kind.USER,
                Set.of(),
                Set.of(),
                credential));
    var expires = Timestamp.newBuilder().setSeconds(token.expiresAt().getEpochSecond());
    observer.onNext(
        ExchangeTokenResponse.newBuilder()
            .setAccessToken(token.jwt())
            .setExpiresAt(expires)
            .build());
    observer.onCompleted();
  }

  @Override
  public void getJwks(GetJwksRequest request, StreamObserver<Jwks> observer) {
    var key = SIGNING_KEY.publicJwk();
    observer.onNext(
        Jwks.newBuilder()
            .addKeys(
                Jwk.newBuilder()
                    .setKty("EC")
                    .setCrv("P-256")
                    .setX(key.x())
                    .setY(key.y())
                    .setKid(key.kid()))
            .build());
    observer.onCompleted();
  }

  /// A token that is good.
  public static String token(Caller caller) {
    return ISSUER.issue(caller).jwt();
  }

  /// A token that says the same and is signed by somebody else.
  public static String forged(Caller caller) {
    return new TokenIssuer(SigningKey.generate(), Clock.systemUTC(), UUID::randomUUID)
        .issue(caller)
        .jwt();
  }

  /// What the token in an Authorization header was exchanged for.
  public static String credential(String authorization) {
    return IssuedToken.of(authorization.substring("Bearer ".length())).caller().credentialId();
  }

  private boolean isGood(TicketCredential presented) {
    return presented.equals(ticket) || presented.equals(ticket.toBuilder().setPath(door).build());
  }

  private Optional<String> refusal(ExchangeTokenRequest request) {
    if (request.hasTicket()) {
      return Optional.of("the ticket is not good here").filter(_ -> !isGood(request.getTicket()));
    }
    return Optional.of("the key is not known").filter(_ -> request.getApiKey().equals(refused));
  }
}
