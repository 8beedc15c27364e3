package dev.agentserver.e2e.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.e2e.client.Failure;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.GetMeRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tokens that are not ours, at every door of the running system. Each differs from a good one in a
/// single thing; where the signature is not that thing, it is the real one.
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedTokensTest {
  private static final int UNAUTHENTICATED = 16;
  private static final int PERMISSION_DENIED = 7;

  private final Server server;
  private final User alice;
  private final StolenKey key;
  private final JWTClaimsSet claims;
  private final ECKey stranger;

  ForgedTokensTest(Server server) throws Exception {
    this.server = server;
    this.alice = User.member(server);
    this.key = StolenKey.of(server);
    this.claims = SignedJWT.parse(alice.token()).getJWTClaimsSet();
    this.stranger = new ECKeyGenerator(Curve.P_256).keyID("stranger").generate();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder(claims);
  }

  private static Date in(long seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  private String hs256(byte[] secret) throws Exception {
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.key().getKeyID()).build();
    var token = new SignedJWT(header, claims);
    token.sign(new MACSigner(Arrays.copyOf(secret, Math.max(32, secret.length))));
    return token.serialize();
  }

  private static String withHeader(String token, String header) {
    var encoded =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(header.getBytes(StandardCharsets.UTF_8));
    return encoded + token.substring(token.indexOf('.'));
  }

  private String ticket() {
    var request = Json.object().put("path", "/v1/conversations");
    return alice.http().post("/v1/tickets", request).expect(200).json().path("ticket").asText();
  }

  Stream<Arguments> forgeries() throws Exception {
    var good = alice.token();
    var kid = key.key().getKeyID();
    var publicKey = key.key().toPublicJWK();
    var evil = URI.create("https://evil.example/keys");
    return Stream.of(
        argumentSet("alg none", new PlainJWT(claims).serialize()),
        argumentSet(
            "alg none with a signature",
            withHeader(good, "{\"alg\":\"none\",\"kid\":\"" + kid + "\"}")),
        argumentSet(
            "unknown kid", StolenKey.sign(key.header().keyID("stranger"), claims, stranger)),
        argumentSet("another's key under our kid", StolenKey.sign(key.header(), claims, stranger)),
        argumentSet("no kid", StolenKey.sign(key.header().keyID(null), claims, key.key())),
        argumentSet("wrong audience", key.sign(claims().audience("somebody"))),
        argumentSet("no audience", key.sign(claims().audience((String) null))),
        argumentSet(
            "one audience too many", key.sign(claims().audience(List.of("agentserver", "x")))),
        argumentSet("other issuer", key.sign(claims().issuer("https://evil.example"))),
        argumentSet("no issuer", key.sign(claims().issuer(null))),
        argumentSet("no expiry", key.sign(claims().expirationTime(null))),
        argumentSet("not yet valid", key.sign(claims().notBeforeTime(in(120)))),
        argumentSet("no tenant", key.sign(claims().claim("tid", null))),
        argumentSet("a service with a tenant", key.sign(claims().claim("knd", "service"))),
        argumentSet(
            "HS256 with the public key (DER)", hs256(publicKey.toECPublicKey().getEncoded())),
        argumentSet(
            "HS256 with the public key (JWK)",
            hs256(publicKey.toJSONString().getBytes(StandardCharsets.UTF_8))),
        argumentSet(
            "brings its own key (jwk)",
            StolenKey.sign(key.header().jwk(stranger.toPublicJWK()), claims, stranger)),
        argumentSet(
            "says where its key is (jku)",
            StolenKey.sign(key.header().jwkURL(evil), claims, stranger)),
        argumentSet(
            "says where its certificate is (x5u)",
            StolenKey.sign(key.header().x509CertURL(evil), claims, stranger)),
        argumentSet(
            "brings a certificate (x5c)",
            StolenKey.sign(
                key.header().x509CertChain(List.of(Base64.encode("certificate"))),
                claims,
                stranger)),
        argumentSet("truncated signature", good.substring(0, good.length() - 4)),
        argumentSet("without signature", good.substring(0, good.lastIndexOf('.') + 1)),
        argumentSet("truncated claims", good.substring(0, good.lastIndexOf('.') - 4)),
        argumentSet("a header alone", good.substring(0, good.indexOf('.'))),
        argumentSet("a ticket", ticket()));
  }

  private static Failure rest(Http http) {
    return http.get("/v1/conversations").failure(401);
  }

  private static void list(Grpc grpc) {
    grpc.conversations().listConversations(ListConversationsRequest.getDefaultInstance());
  }

  private void me(String token) {
    Grpc.anonymous(server.service("settings-service"))
        .bearer(token)
        .call(AccessServiceGrpc.getGetMeMethod(), GetMeRequest.getDefaultInstance());
  }

  private Grpc service(String token) {
    return Grpc.anonymous(server.service("conversation-service")).bearer(token);
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedAtTheGateway(String token) {
    var forger = User.bearing(server, token);

    assertThat(rest(forger.http()).reason()).isEqualTo("UNAUTHENTICATED");
    var byHeader = new Http(server.url()).with("X-API-Key", token);
    assertThat(rest(byHeader).reason()).isEqualTo("UNAUTHENTICATED");
    var grpc = Grpc.failure(() -> list(forger.grpc()));
    assertThat(grpc.code()).isEqualTo(UNAUTHENTICATED);
    assertThat(grpc.reason()).isEqualTo("UNAUTHENTICATED");
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedAtTheServicesThemselves(String token) {
    for (var failure :
        List.of(Grpc.failure(() -> list(service(token))), Grpc.failure(() -> me(token)))) {
      assertThat(failure.code()).isEqualTo(UNAUTHENTICATED);
      assertThat(failure.reason()).isEqualTo("UNAUTHENTICATED");
    }
  }

  @Test
  void anExpiredOneIsToldToBeRenewed() {
    var token =
        key.sign(claims().issueTime(in(-700)).notBeforeTime(in(-700)).expirationTime(in(-60)));

    var forger = User.bearing(server, token);
    assertThat(rest(forger.http()).reason()).isEqualTo("TOKEN_EXPIRED");
    for (var failure :
        List.of(
            Grpc.failure(() -> list(forger.grpc())),
            Grpc.failure(() -> list(service(token))),
            Grpc.failure(() -> me(token)))) {
      assertThat(failure.reason()).isEqualTo("TOKEN_EXPIRED");
    }
  }

  /// It is a good token, and no user's.
  @Test
  void aServicesTokenMayDoNothingThatUsersDo() throws IOException {
    var credential = Files.readString(server.data().resolve("service-credential")).strip();
    var request = Json.object().put("service_credential", credential);
    var token =
        new Http(server.url())
            .post("/v1/tokens:exchange", request)
            .expect(200)
            .json()
            .path("access_token")
            .asText();

    var service = User.bearing(server, token);
    assertThat(service.http().get("/v1/conversations").failure(403).reason())
        .isEqualTo("PERMISSION_DENIED");
    for (var failure :
        List.of(
            Grpc.failure(() -> list(service.grpc())),
            Grpc.failure(() -> list(service(token))),
            Grpc.failure(() -> me(token)))) {
      assertThat(failure.code()).isEqualTo(PERMISSION_DENIED);
    }
  }

  /// Without this the others could be refused for anything.
  @Test
  void whatTheStolenKeySignsIsTakenAtEveryDoor() {
    var token = key.sign(claims().expirationTime(in(300)));

    User.bearing(server, token).http().get("/v1/conversations").expect(200);
    list(User.bearing(server, token).grpc());
    list(service(token));
    me(token);
  }
}
