package dev.agentserver.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Reads what a signed token says, once it is sure that a published key signed it, for one
/// audience, and that it is its time.
final class SignedClaims implements AutoCloseable {
  private static final Duration EARLY = Duration.ofSeconds(30);
  private static final int MAX_LENGTH = 16 * 1024;

  private final String name;
  private final String audience;
  private final Duration late;
  private final KeySet keys;
  private final Clock clock;

  /// @param name what the tokens are called in refusals
  /// @param late how long after its expiry a token is taken, for clocks that differ
  SignedClaims(String name, String audience, Duration late, KeySet keys, Clock clock) {
    this.name = name;
    this.audience = audience;
    this.late = late;
    this.keys = keys;
    this.clock = clock;
  }

  /// The claims, which have an expiry; what is not to be trusted is Unauthenticated.
  JWTClaimsSet read(String jwt) {
    requireLength(jwt);
    try {
      var token = SignedJWT.parse(jwt);
      checkSignature(token);
      var claims = token.getJWTClaimsSet();
      check(claims);
      return claims;
    } catch (ParseException malformed) {
      throw malformed();
    } catch (JOSEException unverifiable) {
      throw invalid("'s signature cannot be verified");
    }
  }

  void requireLength(String jwt) {
    if (jwt.length() > MAX_LENGTH) {
      throw invalid(" is too long");
    }
  }

  /// The algorithm is ours to say, not the token's: everything else, "none" and HMAC included, is
  /// refused before a key is looked for.
  private void checkSignature(SignedJWT token) throws JOSEException {
    var header = token.getHeader();
    if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
      throw invalid(" is not signed with ES256");
    }
    if (header.getKeyID() == null) {
      throw invalid(" names no key");
    }
    var verifier =
        keys.verifier(header.getKeyID()).orElseThrow(() -> invalid(" names an unknown key"));
    if (!token.verify(verifier)) {
      throw invalid("'s signature is wrong");
    }
  }

  private void check(JWTClaimsSet claims) {
    if (!Claims.ISSUER.equals(claims.getIssuer())) {
      throw invalid(" is from another issuer");
    }
    if (!List.of(audience).equals(claims.getAudience())) {
      throw invalid(" is for another audience");
    }
    if (claims.getExpirationTime() == null) {
      throw invalid(" has no expiry");
    }
    var notBefore = claims.getNotBeforeTime();
    if (notBefore != null && notBefore.toInstant().isAfter(clock.instant().plus(EARLY))) {
      throw invalid(" is not valid yet");
    }
    if (isExpired(claims.getExpirationTime().toInstant())) {
      throw expired();
    }
  }

  boolean isExpired(Instant expiresAt) {
    return !clock.instant().isBefore(expiresAt.plus(late));
  }

  ProblemException expired() {
    return new Problem.Unauthenticated("TOKEN_EXPIRED", "the " + name + " has expired").raise();
  }

  ProblemException malformed() {
    return invalid(" is malformed");
  }

  ProblemException invalid(String what) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", "the " + name + what).raise();
  }

  @Override
  public void close() {
    keys.close();
  }
}
