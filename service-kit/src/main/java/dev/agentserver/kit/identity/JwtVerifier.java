package dev.agentserver.kit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Verifies access tokens by the published keys. The signature alone costs more than the rest of a
/// call, so a verified token is remembered until it expires: by its hash, so that memory holds no
/// tokens.
public final class JwtVerifier implements TokenVerifier, AutoCloseable {
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final int MAX_LENGTH = 16 * 1024;
  private static final int MAX_REMEMBERED = 20_000;

  private final KeySet keys;
  private final Clock clock;
  private final Cache<ByteBuffer, Verified> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  private record Verified(Caller caller, Instant expiresAt) {}

  public JwtVerifier(JwksClient client, Clock clock) {
    this(client, clock, Duration.ofMinutes(5), Duration.ofHours(4));
  }

  /// @param ttl how long fetched keys count as fresh
  /// @param outage how much longer they serve while nobody answers
  public JwtVerifier(JwksClient client, Clock clock, Duration ttl, Duration outage) {
    this.keys = new KeySet(client, ttl, outage);
    this.clock = clock;
  }

  @Override
  public Caller verify(String jwt) {
    if (jwt.length() > MAX_LENGTH) {
      throw invalid("the token is too long");
    }
    var hash = ByteBuffer.wrap(sha256(jwt));
    var verified = remembered.getIfPresent(hash);
    if (verified == null) {
      verified = check(jwt);
      remembered.put(hash, verified);
    } else if (expired(verified.expiresAt())) {
      remembered.invalidate(hash);
      throw tokenExpired();
    }
    return verified.caller();
  }

  private Verified check(String jwt) {
    try {
      var token = SignedJWT.parse(jwt);
      checkSignature(token);
      var claims = token.getJWTClaimsSet();
      return new Verified(Claims.caller(claims), checkClaims(claims));
    } catch (ParseException malformed) {
      throw invalid("the token is malformed");
    } catch (JOSEException unverifiable) {
      throw invalid("the token's signature cannot be verified");
    }
  }

  /// The algorithm is ours to say, not the token's: everything else, "none" and HMAC included, is
  /// refused before a key is looked for.
  private void checkSignature(SignedJWT token) throws JOSEException {
    var header = token.getHeader();
    if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
      throw invalid("the token is not signed with ES256");
    }
    if (header.getKeyID() == null) {
      throw invalid("the token names no key");
    }
    var verifier =
        keys.verifier(header.getKeyID())
            .orElseThrow(() -> invalid("the token names an unknown key"));
    if (!token.verify(verifier)) {
      throw invalid("the token's signature is wrong");
    }
  }

  private Instant checkClaims(JWTClaimsSet claims) {
    if (!Claims.ISSUER.equals(claims.getIssuer())) {
      throw invalid("the token is from another issuer");
    }
    if (!List.of(Claims.AUDIENCE).equals(claims.getAudience())) {
      throw invalid("the token is for another audience");
    }
    if (claims.getExpirationTime() == null) {
      throw invalid("the token has no expiry");
    }
    var notBefore = claims.getNotBeforeTime();
    if (notBefore != null && notBefore.toInstant().isAfter(clock.instant().plus(SKEW))) {
      throw invalid("the token is not valid yet");
    }
    var expiresAt = claims.getExpirationTime().toInstant();
    if (expired(expiresAt)) {
      throw tokenExpired();
    }
    return expiresAt;
  }

  private boolean expired(Instant expiresAt) {
    return !clock.instant().isBefore(expiresAt.plus(SKEW));
  }

  private static ProblemException tokenExpired() {
    return new Problem.Unauthenticated("TOKEN_EXPIRED", "the token has expired").raise();
  }

  private static ProblemException invalid(String message) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", message).raise();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  @Override
  public void close() {
    keys.close();
  }
}
