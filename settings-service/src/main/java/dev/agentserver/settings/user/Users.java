package dev.agentserver.settings.user;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.role.Assignable;
import dev.agentserver.settings.role.Permissions;
import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.UserStore.Position;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Makes and finds the users of a tenant. [UserChanges] changes them.
public final class Users {
  static final String RESOURCE = "user";

  private static final String ROLES = "user.roles";

  /// A page of users, and where the next one begins; null on the last.
  record Page(List<User> users, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Permissions permissions = new Permissions();
  private final Assignable assignable = new Assignable();
  private final UserStore store = new UserStore();

  public Users(Database database, Writes writes, AuditTrail audit, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
  }

  /// Fails with PERMISSION_DENIED when the roles are worth more than the caller's own.
  User create(Caller caller, Attempt<User> attempt, NewUser draft) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var roles = draft.attributes().roles();
          assignable.check(db, caller.tenantId(), roles, ROLES);
          Permissions.need(caller, permissions.of(db, caller.tenantId(), roles));
          var user = add(db, caller.tenantId(), draft, Emails.FIELD);
          var entry =
              new AuditRecord(
                  attempt.method(), RESOURCE, user.id().toString(), changes(user.attributes()));
          audit.record(db, caller, entry);
          return user;
        });
  }

  /// Makes a user in the transaction, whatever the roles are worth.
  ///
  /// @param emailField the field of the request that holds the e-mail address
  public User add(DSLContext db, UUID tenantId, NewUser draft, String emailField) {
    Emails.check(draft.attributes().email(), emailField);
    var id = draft.id() == null ? ids.next() : draft.id();
    naming(tenantId, id, draft.attributes(), () -> store.insert(db, tenantId, id, draft));
    return store.find(db, tenantId, id).orElseThrow();
  }

  User get(Caller caller, UUID id) {
    return database
        .read(db -> store.find(db, caller.tenantId(), id))
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
  }

  /// The oldest first.
  Page list(Caller caller, UserFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> store.list(db, caller.tenantId(), filter, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.createdAt(), last.id()));
  }

  /// Runs a write and says what was taken when the database finds a value that must be unique.
  static void naming(UUID tenantId, UUID id, Attributes attributes, Runnable write) {
    try {
      write.run();
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "user_account_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "user_account_email_unique" ->
            new Problem.AlreadyExists(RESOURCE, "email " + attributes.email()).raise();
        case "user_account_organization_fk" ->
            new Problem.NotFound("organization", tenantId.toString()).raise();
        default -> e;
      };
    }
  }

  /// What the audit trail keeps a trace of.
  static Map<String, String> changes(Attributes attributes) {
    return Map.of(
        "email",
        Objects.requireNonNullElse(attributes.email(), ""),
        "name",
        attributes.name(),
        "roles",
        String.join(",", attributes.roles()),
        "state",
        attributes.state().name());
  }
}
