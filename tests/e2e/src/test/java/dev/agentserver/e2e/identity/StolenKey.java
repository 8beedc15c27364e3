package dev.agentserver.e2e.identity;

import com.google.crypto.tink.subtle.AesGcmJce;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Base64;
import java.util.HexFormat;

/// The private key that the server signs with now, taken from its database and its files: a token
/// of this key that is refused is refused for what it says, not for its signature.
final class StolenKey {
  private final ECKey key;

  private StolenKey(ECKey key) {
    this.key = key;
  }

  static StolenKey of(Server server) {
    var row =
        Database.of(server)
            .column(
                "select kid || ' ' || encode(private_jwk, 'hex') from settings.signing_key order by signs_from limit 1")
            .getFirst()
            .split(" ");
    try {
      var master = Files.readString(server.data().resolve("settings-key")).strip();
      var plain =
          new AesGcmJce(Base64.getDecoder().decode(master))
              .decrypt(
                  HexFormat.of().parseHex(row[1]),
                  ("signing_key " + row[0]).getBytes(StandardCharsets.UTF_8));
      return new StolenKey(ECKey.parse(new String(plain, StandardCharsets.UTF_8)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException | ParseException failure) {
      throw new IllegalStateException("the key cannot be opened", failure);
    }
  }

  ECKey key() {
    return key;
  }

  JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID());
  }

  String sign(JWTClaimsSet.Builder claims) {
    return sign(header(), claims.build(), key);
  }

  static String sign(JWSHeader.Builder header, JWTClaimsSet claims, ECKey with) {
    try {
      var token = new SignedJWT(header.build(), claims);
      token.sign(new ECDSASigner(with));
      return token.serialize();
    } catch (JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
