package dev.agentserver.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;

/// Signs access tokens. Only the service that vouches for principals has one.
public final class TokenIssuer {
  /// How long a token is good for: short, because a service checks it without asking anybody.
  public static final Duration LIFETIME = Duration.ofMinutes(10);

  private final JWSHeader header;
  private final ECDSASigner signer;
  private final Clock clock;
  private final Supplier<UUID> ids;

  public TokenIssuer(SigningKey key, Clock clock, Supplier<UUID> ids) {
    this.header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.publicJwk().kid())
            .build();
    this.clock = clock;
    this.ids = ids;
    try {
      this.signer = new ECDSASigner(key.key());
    } catch (JOSEException unusable) {
      throw new IllegalArgumentException("the signing key cannot sign ES256", unusable);
    }
  }

  /// A token and when it ceases to be valid.
  public record Token(String jwt, Instant expiresAt) {
    @Override
    public String toString() {
      return "Token[***, " + expiresAt + "]";
    }
  }

  public Token issue(Caller caller) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var expiresAt = now.plus(LIFETIME);
    var jwt = new SignedJWT(header, Claims.of(caller, ids.get(), now, expiresAt));
    try {
      jwt.sign(signer);
    } catch (JOSEException failed) {
      throw new IllegalStateException("signing failed", failed);
    }
    return new Token(jwt.serialize(), expiresAt);
  }
}
