package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.MovableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtVerifierTest {
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final SigningKey key = SigningKey.generate();
  private final Caller alice =
      new Caller(
          UUID.randomUUID(),
          UUID.randomUUID(),
          Kind.USER,
          Set.of("MEMBER"),
          Set.of("conversation:read"),
          "cred-1");
  private final AtomicInteger fetches = new AtomicInteger();
  private final JwtVerifier verifier =
      new JwtVerifier(
          () -> {
            fetches.incrementAndGet();
            return List.of(key.publicJwk());
          },
          clock);
  private final TokenIssuer issuer = new TokenIssuer(key, clock, UUID::randomUUID);

  @AfterEach
  void close() {
    verifier.close();
  }

  @Test
  void whatIsIssuedIsVerifiedAndNothingIsLost() {
    assertThat(verifier.verify(issuer.issue(alice).jwt()))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
    var service =
        new Caller(null, UUID.randomUUID(), Kind.SERVICE, Set.of("SERVICE"), Set.of(), "cred-2");
    assertThat(verifier.verify(issuer.issue(service).jwt()))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(service);
  }

  @Test
  void aRunsTokenIsBoundToItsRunAndOneThatIsBoundByHalvesIsRefused() throws Exception {
    var run = run(UUID.randomUUID(), UUID.randomUUID());
    for (var each :
        List.of(run, run(UUID.randomUUID(), null), run(null, UUID.randomUUID()), run(null, null))) {
      assertThat(verifier.verify(issuer.issue(each).jwt()))
          .usingRecursiveComparison()
          .ignoringFields("expiresAt")
          .isEqualTo(each);
    }
    var now = clock.instant();
    for (var claim : List.of("run", "lse")) {
      var claims =
          new JWTClaimsSet.Builder(Claims.of(run, UUID.randomUUID(), now, now.plusSeconds(60)))
              .claim(claim, null)
              .build();
      assertRefused(new Signer(key).sign(claims), "UNAUTHENTICATED");
    }
    for (var claim : List.of("run", "cnv", "ses")) {
      assertRefused(signed(claims -> claims.claim(claim, UUID.randomUUID().toString())));
    }
  }

  @Test
  void aRunIsOutsideEveryConversationButItsOwn() {
    var own = UUID.randomUUID();
    var other = UUID.randomUUID();
    assertThat(alice.isOutside(other)).isFalse();
    assertThat(run(own, null).isOutside(own)).isFalse();
    assertThat(run(own, null).isOutside(other)).isTrue();
    assertThat(run(null, own).isOutside(own)).as("a session is no conversation").isTrue();
  }

  private Caller run(@Nullable UUID conversation, @Nullable UUID session) {
    return alice.within(
        new RunScope(UUID.randomUUID(), conversation, session, 7), Set.of("conversation:read"));
  }

  @Test
  void theCallerKnowsWhenItsTokenExpires() {
    var token = issuer.issue(alice);
    assertThat(verifier.verify(token.jwt()).expiresAt()).isEqualTo(token.expiresAt());
  }

  @Test
  void theKeysAreFetchedOnceForManyTokens() {
    for (var i = 0; i < 20; i++) {
      verifier.verify(issuer.issue(alice).jwt());
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aTokenIsGoodForElevenMinutesAndHalfAMinuteOfSkew() {
    var token = issuer.issue(alice);
    assertThat(token.expiresAt()).isEqualTo(clock.instant().plus(TokenIssuer.LIFETIME));
    clock.move(TokenIssuer.LIFETIME.plusSeconds(29));
    assertThat(verifier.verify(token.jwt()))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
    clock.move(Duration.ofSeconds(1));
    assertRefused(token.jwt(), "TOKEN_EXPIRED");
    // Once forgotten it is still expired.
    assertRefused(token.jwt(), "TOKEN_EXPIRED");
  }

  @Test
  void aTokenFromTheFutureIsRefusedBeyondTheSkew() {
    var ahead =
        new TokenIssuer(key, new MovableClock(clock.instant().plusSeconds(29)), UUID::randomUUID);
    assertThat(verifier.verify(ahead.issue(alice).jwt()))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
    var far =
        new TokenIssuer(key, new MovableClock(clock.instant().plusSeconds(60)), UUID::randomUUID);
    assertRefused(far.issue(alice).jwt());
  }

  @Test
  void aTokenWithoutASignatureIsRefused() throws Exception {
    var claims = SignedJWT.parse(issuer.issue(alice).jwt()).getJWTClaimsSet();
    assertRefused(new PlainJWT(claims).serialize());
    var none = base64("{\"alg\":\"none\",\"kid\":\"" + key.publicJwk().kid() + "\"}");
    assertRefused(none + "." + issuer.issue(alice).jwt().split("\\.")[1] + ".");
    assertRefused(
        none
            + "."
            + issuer.issue(alice).jwt().split("\\.")[1]
            + "."
            + issuer.issue(alice).jwt().split("\\.")[2]);
  }

  @Test
  void thePublicKeyIsNoSecretToSignWith() throws Exception {
    var publicKey = key.key().toPublicJWK();
    for (var secret :
        List.of(
            publicKey.toECPublicKey().getEncoded(),
            publicKey.toJSONString().getBytes(StandardCharsets.UTF_8))) {
      var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.publicJwk().kid()).build();
      assertRefused(
          sign(
              header,
              claims(UnaryOperator.identity()),
              new MACSigner(Arrays.copyOf(secret, Math.max(32, secret.length)))));
    }
  }

  @Test
  void aTokenOfAnotherKeyIsRefusedWhateverKeyItNames() throws Exception {
    var other = SigningKey.generate();
    assertRefused(new TokenIssuer(other, clock, UUID::randomUUID).issue(alice).jwt());
    var lie = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.publicJwk().kid()).build();
    assertRefused(sign(lie, claims(UnaryOperator.identity()), new ECDSASigner(other.key())));
  }

  @Test
  void aTokenCannotBringItsOwnKey() throws Exception {
    var other = SigningKey.generate();
    var jwk = other.key().toPublicJWK();
    for (var kid : List.of(key.publicJwk().kid(), other.publicJwk().kid())) {
      var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid);
      header.jwk(jwk).jwkURL(URI.create("https://example.invalid/jwks.json"));
      assertRefused(
          sign(header.build(), claims(UnaryOperator.identity()), new ECDSASigner(other.key())));
    }
  }

  @Test
  void anotherAlgorithmIsRefusedWhateverItsKey() throws Exception {
    var stronger = new ECKeyGenerator(Curve.P_384).keyID(key.publicJwk().kid()).generate();
    var header = new JWSHeader.Builder(JWSAlgorithm.ES384).keyID(key.publicJwk().kid()).build();
    assertRefused(sign(header, claims(UnaryOperator.identity()), new ECDSASigner(stronger)));
    var critical =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.publicJwk().kid())
            .criticalParams(Set.of("exp"))
            .customParam("exp", 1)
            .build();
    assertRefused(sign(critical, claims(UnaryOperator.identity()), new ECDSASigner(key.key())));
  }

  @Test
  void aTokenThatNamesNoKeyIsRefused() throws Exception {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).build();
    assertRefused(sign(header, claims(UnaryOperator.identity()), new ECDSASigner(key.key())));
  }

  @Test
  void claimsThatAreNotOursAreRefused() throws Exception {
    assertRefused(signed(claims -> claims.audience("somebody")));
    assertRefused(signed(claims -> claims.audience(List.of("agentserver", "somebody"))));
    assertRefused(signed(claims -> claims.issuer("somebody")));
    assertRefused(signed(claims -> claims.issuer(null)));
    assertRefused(signed(claims -> claims.expirationTime(null)));
    assertRefused(signed(claims -> claims.subject("alice")));
    assertRefused(signed(claims -> claims.subject(null)));
    assertRefused(signed(claims -> claims.claim("tid", "tenant")));
    assertRefused(signed(claims -> claims.claim("tid", null)));
    assertRefused(signed(claims -> claims.claim("tid", 7)));
    assertRefused(signed(claims -> claims.claim("knd", "service")));
    assertRefused(signed(claims -> claims.claim("knd", "root")));
    assertRefused(signed(claims -> claims.claim("knd", null)));
    assertRefused(signed(claims -> claims.claim("cid", null)));
    assertRefused(signed(claims -> claims.claim("prm", "conversation:read")));
    assertRefused(signed(claims -> claims.claim("prm", Arrays.asList("a", null))));
    assertRefused(
        signed(claims -> claims.expirationTime(Date.from(clock.instant().minusSeconds(31)))),
        "TOKEN_EXPIRED");
  }

  @Test
  void aTokenThatWasCutOrChangedAnywhereIsRefused() {
    var jwt = issuer.issue(alice).jwt();
    for (var length = 0; length < jwt.length(); length += 7) {
      assertRefused(jwt.substring(0, length));
    }
    for (var position = 0; position < jwt.length() - 1; position += 5) {
      var changed = new StringBuilder(jwt);
      changed.setCharAt(position, changed.charAt(position) == 'A' ? 'B' : 'A');
      assertRefused(changed.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b.c", "ey.ey.ey", "a.b.c.d.e", "\u00e4.\u00f6.\u00fc", "null"})
  void rubbishIsRefused(String rubbish) {
    assertRefused(rubbish);
  }

  @Test
  void aTokenThatIsTooLongIsNotEvenRead() {
    assertRefused("a".repeat(16 * 1024 + 1));
  }

  @Test
  void aKeySurvivesBeingStored() {
    var restored = SigningKey.restore(key.export());
    assertThat(restored.publicJwk()).isEqualTo(key.publicJwk());
    assertThat(
            verifier.verify(new TokenIssuer(restored, clock, UUID::randomUUID).issue(alice).jwt()))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
  }

  @Test
  void aTokenDoesNotPrint() {
    var token = issuer.issue(alice);
    assertThat(token.toString()).doesNotContain(token.jwt());
  }

  private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    var claims =
        Claims.of(alice, UUID.randomUUID(), clock.instant(), clock.instant().plusSeconds(600));
    return change.apply(new JWTClaimsSet.Builder(claims)).build();
  }

  private String signed(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.publicJwk().kid()).build();
    return sign(header, claims(change), new ECDSASigner(key.key()));
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    var jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void assertRefused(String jwt) {
    assertRefused(jwt, "UNAUTHENTICATED");
  }

  private void assertRefused(String jwt, String reason) {
    assertThatThrownBy(() -> verifier.verify(jwt))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused ->
                assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                        Problem.Unauthenticated.class,
                        problem -> assertThat(problem.reason()).isEqualTo(reason)));
  }
}
