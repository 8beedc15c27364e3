package dev.agentserver.kit.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.agentserver.kit.identity.Caller.Kind;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a [Caller] is written into an access token.
final class Claims {
  static final String ISSUER = "agentserver";
  static final String AUDIENCE = "agentserver";
  private static final String TENANT = "tid";
  private static final String KIND = "knd";
  private static final String ROLES = "rol";
  private static final String PERMISSIONS = "prm";
  private static final String CREDENTIAL = "cid";
  private static final String REVOCATION = "rev";
  private static final String RUN = "run";
  private static final String CONVERSATION = "cnv";
  private static final String SESSION = "ses";
  private static final String LEASE = "lse";
  private static final String USER = "user";
  private static final String SERVICE = "service";

  private Claims() {}

  static JWTClaimsSet of(Caller caller, UUID tokenId, Instant issuedAt, Instant expiresAt) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(caller.principalId().toString())
            .claim(KIND, kind(caller.kind()))
            .claim(ROLES, List.copyOf(caller.roles()))
            .claim(PERMISSIONS, List.copyOf(caller.permissions()))
            .claim(CREDENTIAL, caller.credentialId())
            .claim(REVOCATION, caller.revocation())
            .jwtID(tokenId.toString())
            .issueTime(Date.from(issuedAt))
            .notBeforeTime(Date.from(issuedAt))
            .expirationTime(Date.from(expiresAt));
    if (caller.tenantId() != null) {
      claims.claim(TENANT, caller.tenantId().toString());
    }
    if (caller.run() != null) {
      claims.claim(RUN, caller.run().runId().toString());
      claims.claim(LEASE, caller.run().leaseEpoch());
      if (caller.run().conversationId() != null) {
        claims.claim(CONVERSATION, caller.run().conversationId().toString());
      }
      if (caller.run().sessionId() != null) {
        claims.claim(SESSION, caller.run().sessionId().toString());
      }
    }
    return claims.build();
  }

  /// Reads the caller; a claim that is missing or of another type is a ParseException, so nothing
  /// is guessed.
  static Caller caller(JWTClaimsSet claims) throws ParseException {
    var kind = kind(required(claims.getStringClaim(KIND), KIND));
    var tenant = claims.getStringClaim(TENANT);
    if ((kind == Kind.USER) != (tenant != null)) {
      throw new ParseException("a user carries a tenant, a service none", 0);
    }
    return new Caller(
        tenant == null ? null : uuid(tenant, TENANT),
        uuid(required(claims.getSubject(), "sub"), "sub"),
        kind,
        names(claims, ROLES),
        names(claims, PERMISSIONS),
        required(claims.getStringClaim(CREDENTIAL), CREDENTIAL),
        claims.getExpirationTime() == null ? null : claims.getExpirationTime().toInstant(),
        revocation(claims),
        run(claims));
  }

  /// A run and its lease, or nothing at all: a token that is bound by halves is bound to nothing.
  private static @Nullable RunScope run(JWTClaimsSet claims) throws ParseException {
    var run = claims.getStringClaim(RUN);
    var conversation = claims.getStringClaim(CONVERSATION);
    var session = claims.getStringClaim(SESSION);
    var lease = claims.getLongClaim(LEASE);
    if (run == null && conversation == null && session == null && lease == null) {
      return null;
    }
    if (lease == null) {
      throw new ParseException(LEASE + " is missing", 0);
    }
    return new RunScope(
        uuid(required(run, RUN), RUN),
        conversation == null ? null : uuid(conversation, CONVERSATION),
        session == null ? null : uuid(session, SESSION),
        lease);
  }

  /// A token that does not say what it knew knew nothing.
  private static long revocation(JWTClaimsSet claims) throws ParseException {
    var position = claims.getLongClaim(REVOCATION);
    return position == null ? 0 : position;
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case USER -> USER;
      case SERVICE -> SERVICE;
    };
  }

  private static Kind kind(String name) throws ParseException {
    return switch (name) {
      case USER -> Kind.USER;
      case SERVICE -> Kind.SERVICE;
      case String _ -> throw new ParseException(KIND + " is neither user nor service", 0);
    };
  }

  private static Set<String> names(JWTClaimsSet claims, String claim) throws ParseException {
    var names = claims.getStringListClaim(claim);
    try {
      return names == null ? Set.of() : Set.copyOf(names);
    } catch (NullPointerException nullInside) {
      throw parseException(claim + " holds a null", nullInside);
    }
  }

  private static UUID uuid(String value, String claim) throws ParseException {
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException notAUuid) {
      throw parseException(claim + " is not a UUID", notAUuid);
    }
  }

  private static String required(@Nullable String value, String claim) throws ParseException {
    if (value == null || value.isEmpty()) {
      throw new ParseException(claim + " is missing", 0);
    }
    return value;
  }

  private static ParseException parseException(String message, Exception cause) {
    var exception = new ParseException(message, 0);
    exception.initCause(cause);
    return exception;
  }
}
