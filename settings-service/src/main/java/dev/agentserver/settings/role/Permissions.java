package dev.agentserver.settings.role;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.DSLContext;

/// What somebody may do who holds certain roles.
public final class Permissions {
  private final RoleStore store = new RoleStore();
  private final TenantStore tenants = new TenantStore();

  /// The permissions that these roles of the tenant have together. A role that is not there grants
  /// nothing, and PLATFORM_ADMIN nothing outside the platform's own tenant.
  ///
  /// Asks the database only where a name is not one of the built-in roles that every tenant has.
  public Set<String> of(DSLContext db, UUID tenantId, Collection<String> roleNames) {
    var permissions = new TreeSet<String>();
    var own = new HashSet<String>();
    for (var name : roleNames) {
      var builtIn = BuiltInRoles.permissions(name);
      if (builtIn.isEmpty()) {
        own.add(name);
      } else if (!name.equals(BuiltInRoles.PLATFORM_ADMIN) || tenants.platform(db, tenantId)) {
        permissions.addAll(builtIn.get());
      }
    }
    if (!own.isEmpty()) {
      permissions.addAll(store.permissions(db, tenantId, own));
    }
    return permissions;
  }

  /// Nobody gives or takes more than they have: fails with PERMISSION_DENIED where the caller lacks
  /// one of these.
  public static void need(Caller caller, Collection<String> permissions) {
    for (var permission : permissions) {
      if (!caller.may(permission)) {
        throw new Problem.Denied(permission).raise();
      }
    }
  }
}
