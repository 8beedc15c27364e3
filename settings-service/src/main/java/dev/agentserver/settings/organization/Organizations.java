package dev.agentserver.settings.organization;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.BuiltInRoles;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.key.ApiKeys;
import dev.agentserver.settings.organization.OrganizationStore.Position;
import dev.agentserver.settings.user.NewUser;
import dev.agentserver.settings.user.User;
import dev.agentserver.settings.user.Users;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Makes, finds and renames tenants. Who is not of the platform knows of no tenant but its own.
public final class Organizations {
  static final String RESOURCE = "organization";

  private static final String READ_ANY = "platform:read";
  private static final String WRITE_ANY = "platform:write";
  private static final String WRITE = "access:write";

  /// A page of tenants, and where the next one begins; null on the last.
  record Page(List<Organization> organizations, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Users users;
  private final ApiKeys keys;
  private final OrganizationStore store = new OrganizationStore();

  public Organizations(
      Database database, Writes writes, AuditTrail audit, Ids ids, Users users, ApiKeys keys) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.users = users;
    this.keys = keys;
  }

  Founding create(Caller caller, Attempt<Founding> attempt, NewOrganization draft) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = draft.id() == null ? ids.next() : draft.id();
          insert(db, id, draft.name());
          var owner = users.add(db, id, owner(draft), "owner_email");
          var key = keys.first(db, id, owner.id());
          var changes = Map.of("name", draft.name(), "owner_id", owner.id().toString());
          audit.record(
              db, caller, new AuditRecord(attempt.method(), RESOURCE, id.toString(), changes));
          return new Founding(find(db, id), owner, key);
        });
  }

  private static NewUser owner(NewOrganization draft) {
    var roles = List.of(BuiltInRoles.TENANT_OWNER);
    var attributes =
        new User.Attributes(draft.ownerEmail(), draft.ownerName(), roles, User.State.ACTIVE);
    return new NewUser(null, User.Kind.HUMAN, attributes);
  }

  /// @param id null: the caller's own
  Organization get(Caller caller, @Nullable UUID id) {
    var own = id == null || id.equals(caller.tenantId());
    if (!own && !caller.may(READ_ANY)) {
      throw missing(id);
    }
    return database.read(db -> find(db, own ? caller.tenantId() : id));
  }

  /// The oldest first.
  Page list(@Nullable Position after, int size) {
    var found = database.read(db -> store.list(db, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.createdAt(), last.id()));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Organization rename(
      Caller caller, Attempt<Organization> attempt, UUID id, String etag, String name) {
    if (!caller.may(WRITE_ANY)) {
      if (!id.equals(caller.tenantId())) {
        throw missing(id);
      }
      if (!caller.may(WRITE)) {
        throw new Problem.Denied(WRITE).raise();
      }
    }
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = store.lock(db, id).orElseThrow(() -> missing(id));
          if (!etag.isEmpty() && !etag.equals(current.etag())) {
            throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
          }
          if (name.equals(current.name())) {
            return current;
          }
          var renamed = store.rename(db, id, name);
          var changes = Map.of("name", name);
          audit.record(
              db, caller, new AuditRecord(attempt.method(), RESOURCE, id.toString(), changes));
          return renamed;
        });
  }

  private void insert(DSLContext db, UUID id, String name) {
    try {
      store.insert(db, id, name);
    } catch (IntegrityConstraintViolationException e) {
      if (Constraints.violated(e).orElse("").equals("organization_pk")) {
        throw new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
      }
      throw e;
    }
  }

  private Organization find(DSLContext db, UUID id) {
    return store.find(db, id).orElseThrow(() -> missing(id));
  }

  static RuntimeException missing(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }
}
