package dev.agentserver.kit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Verifies access tokens by the published keys. The signature alone costs more than the rest of a
/// call, so a verified token is remembered until it expires: by its hash, so that memory holds no
/// tokens.
public final class JwtVerifier implements TokenVerifier, AutoCloseable {
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final int MAX_REMEMBERED = 20_000;

  private final SignedClaims tokens;
  private final Revocations revocations;
  private final Cache<ByteBuffer, Verified> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  private record Verified(Caller caller, Instant expiresAt) {}

  public JwtVerifier(JwksClient client, Clock clock) {
    this(client, clock, Duration.ofMinutes(5), Duration.ofHours(4));
  }

  /// @param ttl how long fetched keys count as fresh
  /// @param outage how much longer they serve while nobody answers
  public JwtVerifier(JwksClient client, Clock clock, Duration ttl, Duration outage) {
    this(client, clock, ttl, outage, new Revocations());
  }

  /// @param revocations asked at every call, also about tokens that are remembered
  public JwtVerifier(
      JwksClient client, Clock clock, Duration ttl, Duration outage, Revocations revocations) {
    this.revocations = revocations;
    var keys = new KeySet(client, ttl, outage);
    this.tokens = new SignedClaims("token", Claims.AUDIENCE, SKEW, keys, clock);
  }

  @Override
  public Caller verify(String jwt) {
    tokens.requireLength(jwt);
    var hash = ByteBuffer.wrap(sha256(jwt));
    var verified = remembered.getIfPresent(hash);
    if (verified == null) {
      verified = check(jwt);
      remembered.put(hash, verified);
    } else if (tokens.isExpired(verified.expiresAt())) {
      remembered.invalidate(hash);
      throw tokens.expired();
    }
    if (revocations.refuse(verified.caller())) {
      remembered.invalidate(hash);
      throw tokens.invalid(" was revoked");
    }
    return verified.caller();
  }

  /// The caller of a token that was verified before and is still good; empty for any other, of
  /// which nothing is said by that. Nothing is asked and no signature is checked.
  public Optional<Caller> known(String jwt) {
    return Optional.ofNullable(remembered.getIfPresent(ByteBuffer.wrap(sha256(jwt))))
        .filter(verified -> !tokens.isExpired(verified.expiresAt()))
        .map(Verified::caller)
        .filter(caller -> !revocations.refuse(caller));
  }

  private Verified check(String jwt) {
    var claims = tokens.read(jwt);
    try {
      return new Verified(Claims.caller(claims), claims.getExpirationTime().toInstant());
    } catch (ParseException malformed) {
      throw tokens.malformed();
    }
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
    tokens.close();
  }
}
