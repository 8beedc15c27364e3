package dev.agentserver.kit.identity;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;

/// A token that AccessService itself has just answered with, and what it says of its caller. It is
/// not verified, because it did not come from a caller.
public record IssuedToken(String jwt, Caller caller, Instant expiresAt) {
  /// Fails with IllegalArgumentException where it is not an access token.
  public static IssuedToken of(String jwt) {
    try {
      var claims = SignedJWT.parse(jwt).getJWTClaimsSet();
      if (claims.getExpirationTime() == null) {
        throw new IllegalArgumentException("the token has no expiry");
      }
      return new IssuedToken(jwt, Claims.caller(claims), claims.getExpirationTime().toInstant());
    } catch (ParseException malformed) {
      throw new IllegalArgumentException("the token is malformed", malformed);
    }
  }

  @Override
  public String toString() {
    return "IssuedToken[***, " + expiresAt + "]";
  }
}
