package dev.agentserver.kit.test;

import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.SigningKey;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.settings.v1.BuiltInRole;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Vouches for the callers of a test: real tokens, signed by a key that exists in this test only,
/// verified as in production.
public final class TestIdentity implements AutoCloseable {
  private final SigningKey key = SigningKey.generate();
  private final TokenIssuer issuer = new TokenIssuer(key, Clock.systemUTC(), UUID::randomUUID);
  private final JwtVerifier verifier =
      new JwtVerifier(() -> List.of(key.publicJwk()), Clock.systemUTC());

  public TokenVerifier verifier() {
    return verifier;
  }

  public SigningKey key() {
    return key;
  }

  public String token(Caller caller) {
    return issuer.issue(caller).jwt();
  }

  /// A new user of the tenant, with the permissions that the built-in roles grant.
  ///
  /// @param roles names without prefix, for example "MEMBER"
  public static Caller user(UUID tenant, String... roles) {
    return user(tenant, UUID.randomUUID(), roles);
  }

  public static Caller user(UUID tenant, UUID principal, String... roles) {
    var permissions = new HashSet<String>();
    for (var role : roles) {
      var value = BuiltInRole.valueOf("BUILT_IN_ROLE_" + role).getValueDescriptor();
      permissions.addAll(
          value.getOptions().getExtension(AnnotationsProto.grant).getPermissionsList());
    }
    return new Caller(tenant, principal, Kind.USER, Set.of(roles), permissions, "test");
  }

  /// A service of the system itself.
  public static Caller service() {
    return new Caller(null, UUID.randomUUID(), Kind.SERVICE, Set.of("SERVICE"), Set.of(), "test");
  }

  @Override
  public void close() {
    verifier.close();
  }
}
