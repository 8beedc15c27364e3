package dev.agentserver.settings.role;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Lists a tenant's roles, and makes, changes and deletes its own.
public final class Roles {
  private static final String RESOURCE = "role";

  /// The last role of a page; the built-in ones come first.
  record Position(boolean builtIn, String name) {}

  /// A page of roles, and where the next one begins; null on the last.
  record Page(List<Role> roles, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final RoleStore store = new RoleStore();
  private final TenantStore tenants = new TenantStore();

  public Roles(Database database, Writes writes, AuditTrail audit) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
  }

  Role create(Caller caller, Attempt<Role> attempt, RoleDraft draft) {
    if (builtIn(draft.name())) {
      throw taken(draft.name());
    }
    Permissions.need(caller, draft.permissions());
    return writes.once(
        caller,
        attempt,
        db -> {
          var role = insert(db, caller.tenantId(), draft);
          record(db, caller, attempt.method(), role);
          return role;
        });
  }

  /// @param after the last role of the page before; null: from the start
  Page list(Caller caller, @Nullable Position after, int size) {
    var found = new ArrayList<>(builtIn(after));
    if (found.size() <= size) {
      var name = after == null || after.builtIn() ? "" : after.name();
      var rest = size + 1 - found.size();
      found.addAll(database.read(db -> store.list(db, caller.tenantId(), name, rest)));
    }
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.builtIn(), last.name()));
  }

  /// Who gains or loses by it must not do so by somebody who lacks what is given or taken.
  ///
  /// @param etag the state the caller has seen; empty: whatever it is
  Role replace(Caller caller, Attempt<Role> attempt, RoleDraft draft, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = lock(db, caller, draft.name());
          if (!etag.isEmpty() && !etag.equals(current.etag())) {
            throw new Problem.Stale(RESOURCE, current.name(), current.etag()).raise();
          }
          Permissions.need(caller, difference(current.permissions(), draft.permissions()));
          if (draft.description().equals(current.description())
              && draft.permissions().equals(current.permissions())) {
            return current;
          }
          var role = store.replace(db, caller.tenantId(), draft);
          record(db, caller, attempt.method(), role);
          return role;
        });
  }

  /// Takes it from everybody who has it.
  boolean delete(Caller caller, Attempt<Boolean> attempt, String name) {
    return writes.once(
        caller,
        attempt,
        db -> {
          tenants.lock(db, caller.tenantId());
          var role = lock(db, caller, name);
          Permissions.need(caller, role.permissions());
          store.delete(db, caller.tenantId(), name);
          record(db, caller, attempt.method(), role);
          return true;
        });
  }

  private Role lock(DSLContext db, Caller caller, String name) {
    return store
        .lock(db, caller.tenantId(), name)
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, name).raise());
  }

  private Role insert(DSLContext db, UUID tenantId, RoleDraft draft) {
    try {
      return store.insert(db, tenantId, draft);
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "role_pk" -> taken(draft.name());
        case "role_organization_fk" ->
            new Problem.NotFound("organization", tenantId.toString()).raise();
        default -> e;
      };
    }
  }

  private static boolean builtIn(String name) {
    return BuiltInRoles.permissions(name).isPresent();
  }

  private static RuntimeException taken(String name) {
    return new Problem.AlreadyExists(RESOURCE, name).raise();
  }

  /// By name, those after the position.
  private static List<Role> builtIn(@Nullable Position after) {
    if (after != null && !after.builtIn()) {
      return List.of();
    }
    return BuiltInRoles.all().entrySet().stream()
        .filter(role -> after == null || role.getKey().compareTo(after.name()) > 0)
        .sorted(Map.Entry.comparingByKey())
        .map(role -> Role.builtIn(role.getKey(), role.getValue().stream().sorted().toList()))
        .toList();
  }

  private static List<String> difference(List<String> some, List<String> others) {
    var common = new HashSet<>(some);
    common.retainAll(others);
    var all = new ArrayList<>(some);
    all.addAll(others);
    all.removeAll(common);
    return all;
  }

  private void record(DSLContext db, Caller caller, String action, Role role) {
    var changes =
        Map.of(
            "description", role.description(), "permissions", String.join(",", role.permissions()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, role.name(), changes));
  }
}
