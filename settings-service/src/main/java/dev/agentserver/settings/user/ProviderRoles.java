package dev.agentserver.settings.user;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocation.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.revocation.Revocations;
import dev.agentserver.settings.role.Assignable;
import dev.agentserver.settings.role.Permissions;
import dev.agentserver.settings.role.TenantStore;
import dev.agentserver.settings.user.User.Attributes;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;

/// Gives users the roles that their provider says, who is trusted with that by configuration. Who
/// spoke last is right: what an administrator changes stands until the user signs in anew.
public final class ProviderRoles {
  private final Database database;
  private final AuditTrail audit;
  private final Revocations revocations;
  private final Permissions permissions = new Permissions();
  private final Assignable assignable = new Assignable();
  private final TenantStore tenants = new TenantStore();
  private final UserStore store = new UserStore();
  private final Owners owners = new Owners(store);

  public ProviderRoles(Database database, AuditTrail audit, Revocations revocations) {
    this.database = database;
    this.audit = audit;
    this.revocations = revocations;
  }

  /// Fails with SIGN_IN_REFUSED where the tenant has no such role.
  public void require(DSLContext db, UUID tenantId, Collection<String> roles) {
    try {
      assignable.check(db, tenantId, roles, "roles");
    } catch (ProblemException none) {
      throw new Problem.Refused(
              "SIGN_IN_REFUSED",
              "the tenant has not all of the roles " + String.join(", ", roles),
              Map.of("cause", "ROLE_UNKNOWN"))
          .raise();
    }
  }

  /// Changes the user's roles, unless the user was changed since the provider said so. What is lost
  /// is revoked. The last owner stays one: it fails with LAST_OWNER.
  ///
  /// @param self the user
  public void assign(Caller self, Set<String> roles, Instant saidAt) {
    var tenant = self.tenantId();
    database.write(
        db -> {
          tenants.lock(db, tenant);
          var user = store.lock(db, tenant, self.principalId()).orElseThrow();
          var old = user.attributes();
          var wanted = roles.stream().sorted().toList();
          if (!saidAt.isAfter(user.updatedAt()) || old.roles().equals(wanted)) {
            return false;
          }
          require(db, tenant, wanted);
          change(db, self, user, new Attributes(old.email(), old.name(), wanted, old.state()));
          return true;
        });
  }

  private void change(DSLContext db, Caller self, User user, Attributes changed) {
    var tenant = self.tenantId();
    owners.keep(db, tenant, user, changed);
    store.update(db, tenant, user, changed);
    var entry =
        new AuditRecord(
            "user.roles_by_oidc",
            Users.RESOURCE,
            user.id().toString(),
            Map.of("roles", String.join(",", changed.roles())));
    audit.record(db, self, entry);
    if (loses(db, tenant, user.attributes().roles(), changed.roles())) {
      revocations.add(db, Kind.PRINCIPAL, user.id().toString());
    }
  }

  private boolean loses(DSLContext db, UUID tenant, List<String> before, List<String> after) {
    return !permissions.of(db, tenant, after).containsAll(permissions.of(db, tenant, before));
  }
}
