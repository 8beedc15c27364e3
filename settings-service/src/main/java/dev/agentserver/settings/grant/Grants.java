package dev.agentserver.settings.grant;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;

/// What users may do now, by what is stored.
public final class Grants {
  /// Roles that no user of an ordinary tenant can have.
  private static final Set<String> NOT_FOR_USERS =
      Set.of(BuiltInRoles.SERVICE, BuiltInRoles.PLATFORM_ADMIN);

  private final GrantStore store = new GrantStore();

  /// Empty when the tenant has no such user.
  public Optional<Grant> find(DSLContext db, UUID tenantId, UUID userId) {
    return Optional.ofNullable(find(db, tenantId, List.of(userId)).get(userId));
  }

  /// The same of several; who is not there is absent.
  public Map<UUID, Grant> find(DSLContext db, UUID tenantId, Collection<UUID> users) {
    return store.find(db, tenantId, users);
  }

  /// What these roles come to in the tenant. Fails as Invalid where one does not exist, or is none
  /// that a user of an ordinary tenant can have.
  ///
  /// @param field the field of the request that names them
  public Set<String> permissions(
      DSLContext db, UUID tenantId, Collection<String> roles, String field) {
    var permissions = new HashSet<String>();
    var others = new HashSet<String>();
    for (var role : roles) {
      if (NOT_FOR_USERS.contains(role)) {
        throw none(field, role);
      }
      BuiltInRoles.permissions(role).ifPresentOrElse(permissions::addAll, () -> others.add(role));
    }
    var own = others.isEmpty() ? Map.<String, Set<String>>of() : store.own(db, tenantId, others);
    for (var role : others) {
      if (!own.containsKey(role)) {
        throw none(field, role);
      }
      permissions.addAll(own.get(role));
    }
    return Set.copyOf(permissions);
  }

  private static RuntimeException none(String field, String role) {
    return Problem.invalid(field, "there is no role " + role + " for users");
  }
}
