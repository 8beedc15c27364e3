package dev.agentserver.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/// Signs claims with one key.
final class Signer {
  private final JWSHeader header;
  private final ECDSASigner signer;

  Signer(SigningKey key) {
    this.header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.publicJwk().kid())
            .build();
    try {
      this.signer = new ECDSASigner(key.key());
    } catch (JOSEException unusable) {
      throw new IllegalArgumentException("the signing key cannot sign ES256", unusable);
    }
  }

  String sign(JWTClaimsSet claims) {
    var jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException failed) {
      throw new IllegalStateException("signing failed", failed);
    }
    return jwt.serialize();
  }
}
