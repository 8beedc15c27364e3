package dev.agentserver.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Tokens that are not to be trusted; each differs from a good one in a single thing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedTest {
  private Trusting here;
  private Provider provider;
  private RSAKey stranger;

  @BeforeAll
  void start() throws Exception {
    here = new Trusting("");
    provider = here.provider;
    stranger = new RSAKeyGenerator(2048).keyID("stranger").generate();
  }

  @AfterAll
  void stop() {
    here.close();
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws Exception {
    var token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private JWTClaimsSet good() {
    return provider.claims("alice").build();
  }

  private Date in(long seconds) {
    return Date.from(here.clock.instant().plusSeconds(seconds));
  }

  private String hs256(byte[] secret) throws Exception {
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(provider.key().getKeyID()).build();
    return sign(header, good(), new MACSigner(secret));
  }

  private static String pem(RSAPublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String with(String token, int part, String instead) {
    var parts = token.split("\\.", -1);
    parts[part] =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(instead.getBytes(StandardCharsets.UTF_8));
    return String.join(".", parts);
  }

  Stream<Arguments> forgeries() throws Exception {
    var kid = provider.key().getKeyID();
    var token = provider.token("alice");
    var lie = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid);
    var mine = new RSASSASigner(stranger);
    var publicKey = provider.key().toRSAPublicKey();
    var noSignature = new PlainJWT(good()).serialize();
    return Stream.concat(
        Stream.of(
            argumentSet(
                "wrong audience",
                provider.sign(provider.claims("alice").audience("somebody")),
                "audience"),
            argumentSet(
                "no audience",
                provider.sign(provider.claims("alice").audience((String) null)),
                "audience"),
            argumentSet(
                "wrong issuer",
                provider.sign(provider.claims("alice").issuer("https://evil.example")),
                "issuer"),
            argumentSet(
                "no issuer", provider.sign(provider.claims("alice").issuer(null)), "issuer"),
            argumentSet(
                "almost the issuer",
                provider.sign(provider.claims("alice").issuer(provider.issuer() + "/")),
                "issuer"),
            argumentSet(
                "expired",
                provider.sign(provider.claims("alice").expirationTime(in(0))),
                "expired"),
            argumentSet(
                "no expiry",
                provider.sign(provider.claims("alice").expirationTime(null)),
                "expiry"),
            argumentSet(
                "not yet valid",
                provider.sign(provider.claims("alice").notBeforeTime(in(60))),
                "not valid yet"),
            argumentSet("no subject", provider.sign(provider.claims("alice").subject(null)), "sub"),
            argumentSet(
                "bound to a key",
                provider.sign(provider.claims("alice").claim("cnf", Map.of("jkt", "x"))),
                "bound"),
            argumentSet(
                "a notice of a logout",
                provider.sign(
                    provider.header().type(new JOSEObjectType("logout+jwt")).build(), good()),
                "neither an ID token")),
        Stream.of(
            argumentSet("alg none", noSignature, "not signed"),
            argumentSet(
                "alg none with a signature",
                with(token, 0, "{\"alg\":\"none\",\"kid\":\"" + kid + "\"}"),
                "malformed"),
            argumentSet(
                "HS256 with the public key (DER)", hs256(publicKey.getEncoded()), "algorithm"),
            argumentSet(
                "HS256 with the public key (PEM)",
                hs256(pem(publicKey).getBytes(StandardCharsets.US_ASCII)),
                "algorithm"),
            argumentSet(
                "HS256 with the public key (JWK)",
                hs256(provider.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)),
                "algorithm"),
            argumentSet(
                "an algorithm that is not allowed",
                sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS512).keyID(kid).build(),
                    good(),
                    new RSASSASigner(provider.key())),
                "algorithm"),
            argumentSet(
                "unknown kid",
                sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("stranger").build(),
                    good(),
                    mine),
                "does not publish"),
            argumentSet(
                "another's key under a known kid",
                sign(lie.build(), good(), mine),
                "signature is wrong"),
            argumentSet(
                "brings its own key (jwk)",
                sign(lie.jwk(stranger.toPublicJWK()).build(), good(), mine),
                "signature is wrong"),
            argumentSet(
                "says where its key is (jku)",
                sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .jwkURL(URI.create("https://evil.example/jwks"))
                        .build(),
                    good(),
                    mine),
                "signature is wrong"),
            argumentSet(
                "says where its certificate is (x5u)",
                sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(kid)
                        .x509CertURL(URI.create("https://evil.example/x5u"))
                        .build(),
                    good(),
                    mine),
                "signature is wrong"),
            argumentSet(
                "another subject",
                with(token, 1, good().toString().replace("alice", "admin")),
                "signature is wrong"),
            argumentSet(
                "truncated signature",
                token.substring(0, token.length() - 10),
                "signature is wrong"),
            argumentSet(
                "truncated claims", token.substring(0, token.lastIndexOf('.') - 5), "malformed"),
            argumentSet("five parts", "e30.e30.e30.e30.e30", "malformed"),
            argumentSet("no JWT", "nonsense", "malformed")));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedForItsReason(String token, String reason) {
    var refused =
        Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> here.signIn(token));

    assertThat(refused).isNotNull();
    assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
    assertThat(refused.getStatus().getDescription()).contains(reason);
  }

  @Test
  void whatIsNotForgedIsTaken() {
    assertThat(here.signIn(provider.token("alice")).tenantId()).isEqualTo(here.tenantId);
    var several = provider.claims("alice").audience(List.of("somebody", Provider.AUDIENCE));
    assertThat(here.signIn(provider.sign(several)).tenantId()).isEqualTo(here.tenantId);
    var early = provider.claims("alice").notBeforeTime(in(20));
    assertThat(here.signIn(provider.sign(early)).tenantId()).isEqualTo(here.tenantId);
    var access = provider.header().type(new JOSEObjectType("at+jwt")).build();
    assertThat(here.signIn(provider.sign(access, good())).tenantId()).isEqualTo(here.tenantId);
  }
}
