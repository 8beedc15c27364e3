package dev.agentserver.settings.oidc;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlgorithmsTest {
  private Trusting here;

  @BeforeAll
  void start() {
    here =
        new Trusting(
            "\"algorithms\": [\"RS256\", \"PS512\", \"ES256\", \"ES384\", \"ES512\", \"EdDSA\"],");
  }

  @AfterAll
  void stop() {
    here.close();
  }

  private String sign(JWSAlgorithm algorithm, String kid, JWSSigner signer) throws Exception {
    var header = new JWSHeader.Builder(algorithm).keyID(kid).build();
    var token = new SignedJWT(header, here.provider.claims("alice").build());
    token.sign(signer);
    return token.serialize();
  }

  private void publish(JWK... keys) {
    here.provider.publish(new JWKSet(List.of(keys)).toString(true));
  }

  private boolean signsIn(String token) {
    try {
      here.signIn(token);
      return true;
    } catch (StatusRuntimeException refused) {
      return false;
    }
  }

  @Test
  void everyKindOfKeyThatIsAllowedIsTaken() throws Exception {
    var rsa = new RSAKeyGenerator(3072).keyID("rsa").generate();
    var p256 = new ECKeyGenerator(Curve.P_256).keyID("p256").generate();
    var p384 = new ECKeyGenerator(Curve.P_384).keyID("p384").generate();
    var p521 = new ECKeyGenerator(Curve.P_521).keyID("p521").generate();
    var ed = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate();
    // What is no key to sign with does no harm beside the others.
    var x25519 = new OctetKeyPairGenerator(Curve.X25519).keyID("x").generate();
    publish(rsa, p256, p384, p521, ed, x25519);

    for (var token :
        List.of(
            sign(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa)),
            sign(JWSAlgorithm.PS512, "rsa", new RSASSASigner(rsa)),
            sign(JWSAlgorithm.ES256, "p256", new ECDSASigner(p256)),
            sign(JWSAlgorithm.ES384, "p384", new ECDSASigner(p384)),
            sign(JWSAlgorithm.ES512, "p521", new ECDSASigner(p521)),
            sign(JWSAlgorithm.EdDSA, "ed", new Ed25519Signer(ed)),
            sign(JWSAlgorithm.ES256, null, new ECDSASigner(p256)))) {
      Await.until("it is taken: " + SignedJWT.parse(token).getHeader(), () -> signsIn(token));
    }
  }

  @Test
  void aKeyThatIsWeakOrForAnotherUseIsNone() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    var pair = generator.generateKeyPair();
    var weak =
        new RSAKey.Builder((RSAPublicKey) pair.getPublic())
            .privateKey(pair.getPrivate())
            .keyID("weak")
            .build();
    var forEncryption =
        new RSAKeyGenerator(2048)
            .keyID("enc")
            .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
            .generate();
    var good = new RSAKeyGenerator(2048).keyID("good").generate();
    publish(weak, forEncryption, good);
    var ofGood = sign(JWSAlgorithm.RS256, "good", new RSASSASigner(good));
    Await.until("the keys are known", () -> signsIn(ofGood));

    for (var token :
        List.of(
            sign(
                JWSAlgorithm.RS256,
                "weak",
                new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance()))),
            sign(JWSAlgorithm.RS256, "enc", new RSASSASigner(forEncryption)))) {
      Await.until("it is refused for good", () -> isUnknown(token));
    }
  }

  private boolean isUnknown(String token) {
    try {
      here.signIn(token);
      return false;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode() == Code.UNAUTHENTICATED
          && refused.getStatus().getDescription().contains("does not publish");
    }
  }

  /// A provider that publishes a secret would let everybody sign, were HMAC ever taken.
  @Test
  void aSecretThatIsPublishedSignsNothing() throws Exception {
    var secret = new OctetSequenceKeyGenerator(256).keyID("secret").generate();
    here.provider.publish(new JWKSet(List.<JWK>of(secret)).toString(false));
    var token = sign(JWSAlgorithm.HS256, "secret", new com.nimbusds.jose.crypto.MACSigner(secret));

    assertProblem(Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> here.signIn(token));
    assertThat(signsIn(token)).isFalse();
  }
}
