package dev.agentserver.allinone.identity;

import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Who a credential stands for. Each tenant has one key, that of its owner; users an application
/// acts for are made up from their external ids, the same each time.
public final class DevelopmentIdentity {
  private final IdentityFile known;

  DevelopmentIdentity(IdentityFile known) {
    this.known = known;
  }

  /// The owner of the tenant whose key it is.
  Caller owner(String apiKey) {
    var presented = ApiKey.parse(apiKey).orElseThrow(DevelopmentIdentity::unknown);
    for (var tenant : known.tenants()) {
      if (same(tenant.key(), presented)) {
        return user(tenant.id(), "owner", Set.of(BuiltInRoles.TENANT_OWNER), tenant.key().id());
      }
    }
    throw unknown();
  }

  /// The service that the credential belongs to.
  Caller service(String credential) {
    var presented = ApiKey.parse(credential).orElseThrow(DevelopmentIdentity::unknown);
    if (!same(known.serviceCredential(), presented)) {
      throw unknown();
    }
    return new Caller(
        null, id("service"), Kind.SERVICE, Set.of(BuiltInRoles.SERVICE), Set.of(), presented.id());
  }

  /// The user an application acts for.
  ///
  /// @param roles what the user is to have; none means MEMBER
  Caller onBehalfOf(Caller application, String externalSubject, List<String> roles) {
    if (!application.may("token:issue")) {
      throw new Problem.Denied("token:issue").raise();
    }
    var wanted = roles.isEmpty() ? Set.of(BuiltInRoles.MEMBER) : Set.copyOf(roles);
    var user =
        user(
            application.tenantId(),
            "subject/" + externalSubject,
            wanted,
            application.credentialId());
    for (var permission : user.permissions()) {
      if (!application.may(permission)) {
        throw new Problem.Denied(permission).raise();
      }
    }
    return user;
  }

  private static Caller user(UUID tenant, String name, Set<String> roles, String credential) {
    var permissions = new HashSet<String>();
    for (var role : roles) {
      permissions.addAll(
          BuiltInRoles.ofUser(role)
              .orElseThrow(
                  () ->
                      Problem.invalid(
                          "on_behalf_of.roles", "there is no role " + role + " for users")));
    }
    return new Caller(
        tenant, id(tenant + "/" + name), Kind.USER, roles, Set.copyOf(permissions), credential);
  }

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean same(ApiKey mine, ApiKey presented) {
    return mine.environment().equals(presented.environment())
        && mine.id().equals(presented.id())
        && presented.matches(mine.secretHash());
  }

  /// One answer for all: an unknown key is not told from a wrong secret.
  private static RuntimeException unknown() {
    return new Problem.Unauthenticated("UNAUTHENTICATED", "the credential is not known").raise();
  }
}
