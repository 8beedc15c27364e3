package dev.agentserver.settings.grant;

import dev.agentserver.kit.identity.BuiltInRoles;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// What a user may do.
///
/// @param active whether the user may do anything at all
/// @param permissions what the roles grant; nothing where the user is not active
public record Grant(boolean active, Set<String> roles, Set<String> permissions) {
  /// @param own the permissions of those of the roles that are the tenant's own
  public static Grant of(boolean active, Collection<String> roles, Collection<String> own) {
    var permissions = new HashSet<>(own);
    for (var role : roles) {
      BuiltInRoles.permissions(role).ifPresent(permissions::addAll);
    }
    return new Grant(active, Set.copyOf(roles), active ? Set.copyOf(permissions) : Set.of());
  }
}
