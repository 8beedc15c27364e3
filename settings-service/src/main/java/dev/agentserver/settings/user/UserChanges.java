package dev.agentserver.settings.user;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocation.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.erasure.Erasure;
import dev.agentserver.settings.erasure.Erasures;
import dev.agentserver.settings.revocation.Revocations;
import dev.agentserver.settings.role.Assignable;
import dev.agentserver.settings.role.Permissions;
import dev.agentserver.settings.role.TenantStore;
import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.User.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;

/// Changes and erases users, so that nobody gives or takes more than they have, and somebody is
/// left to own the tenant.
public final class UserChanges {
  private static final String ROLES = "user.roles";

  private final Writes writes;
  private final AuditTrail audit;
  private final Erasures erasures;
  private final Revocations revocations;
  private final Permissions permissions = new Permissions();
  private final Assignable assignable = new Assignable();
  private final TenantStore tenants = new TenantStore();
  private final UserStore store = new UserStore();
  private final Owners owners = new Owners(store);

  public UserChanges(Writes writes, AuditTrail audit, Erasures erasures, Revocations revocations) {
    this.writes = writes;
    this.audit = audit;
    this.erasures = erasures;
    this.revocations = revocations;
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  User update(Caller caller, Attempt<User> attempt, UUID id, String etag, List<Edit> edits) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var user = lock(db, caller, id);
          if (!etag.isEmpty() && !etag.equals(user.etag())) {
            throw new Problem.Stale(Users.RESOURCE, id.toString(), user.etag()).raise();
          }
          var changed = user.attributes();
          for (var edit : edits) {
            changed = edit.applyTo(changed, user);
          }
          return changed.equals(user.attributes())
              ? user
              : change(db, caller, attempt.method(), user, changed);
        });
  }

  private User change(DSLContext db, Caller caller, String method, User user, Attributes changed) {
    var tenant = caller.tenantId();
    var had = permissions.of(db, tenant, user.attributes().roles());
    Permissions.need(caller, had);
    var has = had;
    if (!changed.roles().equals(user.attributes().roles())) {
      assignable.check(db, tenant, changed.roles(), ROLES);
      has = permissions.of(db, tenant, changed.roles());
      Permissions.need(caller, has);
    }
    Emails.check(changed.email(), Emails.FIELD);
    owners.keep(db, tenant, user, changed);
    Users.naming(tenant, user.id(), changed, () -> store.update(db, tenant, user, changed));
    record(db, caller, method, user.id(), Users.changes(changed));
    if (loses(user.attributes(), changed, had, has)) {
      revocations.add(db, Kind.PRINCIPAL, user.id().toString());
    }
    return store.find(db, tenant, user.id()).orElseThrow();
  }

  /// Everything of the user goes: here at once, elsewhere when the fact arrives.
  Erasure delete(Caller caller, Attempt<Erasure> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = caller.tenantId();
          var user = lock(db, caller, id);
          Permissions.need(caller, permissions.of(db, tenant, user.attributes().roles()));
          owners.keep(db, tenant, user, null);
          var erasure = erasures.begin(db, caller, tenant, id);
          record(db, caller, attempt.method(), id, Map.of("erasure_id", erasure.id().toString()));
          revocations.add(db, Kind.PRINCIPAL, id.toString());
          return erasure;
        });
  }

  /// The tenant is locked first, so that two who take the other's last right follow each other.
  private User lock(DSLContext db, Caller caller, UUID id) {
    tenants.lock(db, caller.tenantId());
    return store
        .lock(db, caller.tenantId(), id)
        .orElseThrow(() -> new Problem.NotFound(Users.RESOURCE, id.toString()).raise());
  }

  private static boolean loses(
      Attributes old, Attributes changed, Set<String> had, Set<String> has) {
    return !has.containsAll(had)
        || (old.state() == State.ACTIVE && changed.state() == State.SUSPENDED);
  }

  private void record(
      DSLContext db, Caller caller, String action, UUID id, Map<String, String> changes) {
    audit.record(db, caller, new AuditRecord(action, Users.RESOURCE, id.toString(), changes));
  }
}
