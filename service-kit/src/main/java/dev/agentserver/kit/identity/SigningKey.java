package dev.agentserver.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.agentserver.kit.config.Secret;
import java.text.ParseException;

/// A private key that signs access tokens. Its id is the thumbprint of the public half, so two keys
/// never share one.
public final class SigningKey {
  private final ECKey key;

  private SigningKey(ECKey key) {
    this.key = key;
  }

  public static SigningKey generate() {
    try {
      return new SigningKey(
          new ECKeyGenerator(Curve.P_256)
              .keyIDFromThumbprint(true)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .generate());
    } catch (JOSEException impossible) {
      throw new IllegalStateException("this JVM cannot make keys on P-256", impossible);
    }
  }

  /// Reads what [#export] wrote.
  public static SigningKey restore(Secret json) {
    try {
      var key = ECKey.parse(json.value());
      if (!key.isPrivate() || !Curve.P_256.equals(key.getCurve()) || key.getKeyID() == null) {
        throw new IllegalArgumentException(
            "the signing key is not a private key on P-256 with a kid");
      }
      return new SigningKey(key);
    } catch (ParseException damaged) {
      throw new IllegalArgumentException("the signing key is not a JSON Web Key", damaged);
    }
  }

  /// The private key as a JSON Web Key.
  public Secret export() {
    return new Secret(key.toJSONString());
  }

  public PublicJwk publicJwk() {
    return new PublicJwk(key.getKeyID(), key.getX().toString(), key.getY().toString());
  }

  ECKey key() {
    return key;
  }
}
