package dev.agentserver.settings.role;

import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.UUID;
import org.jooq.DSLContext;

/// Says which roles a user of a tenant can be given.
public final class Assignable {
  private final RoleStore store = new RoleStore();
  private final TenantStore tenants = new TenantStore();

  /// Fails as Invalid where one of them is none for a user of this tenant. The tenant's own stay as
  /// they are until the transaction ends: a role that is being deleted finds everybody who has it.
  ///
  /// @param field the field of the request that names them
  public void check(DSLContext db, UUID tenantId, Collection<String> roles, String field) {
    var own = new HashSet<String>();
    for (var role : roles) {
      if (BuiltInRoles.permissions(role).isEmpty()) {
        own.add(role);
      } else if (role.equals(BuiltInRoles.SERVICE)) {
        throw Problem.invalid(field, "SERVICE is for the services of the system");
      } else if (role.equals(BuiltInRoles.PLATFORM_ADMIN) && !tenants.platform(db, tenantId)) {
        throw Problem.invalid(field, "PLATFORM_ADMIN is held in the platform's own tenant only");
      }
    }
    if (!own.isEmpty()) {
      own.removeAll(store.share(db, tenantId, own));
      for (var missing : own) {
        throw Problem.invalid(field, "the tenant has no role " + missing);
      }
    }
  }
}
