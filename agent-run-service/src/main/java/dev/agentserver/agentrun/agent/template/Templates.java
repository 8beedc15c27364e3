package dev.agentserver.agentrun.agent.template;

import dev.agentserver.agentrun.agent.PageCut;
import dev.agentserver.agentrun.agent.template.Template.Attributes;
import dev.agentserver.agentrun.agent.template.TemplateStore.Position;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes, finds and changes templates.
public final class Templates {
  private static final String RESOURCE = "agent_template";
  private static final String PLATFORM = "platform:write";

  /// A page of templates, and where the next one begins; null on the last.
  record Page(List<Template> templates, @Nullable Position next) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final TemplateStore store = new TemplateStore();

  public Templates(Database database, Writes writes, AuditTrail audit, Ids ids) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
  }

  Template create(Caller caller, Attempt<Template> attempt, Attributes attributes) {
    check(caller, attributes);
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = ids.next();
          store.insert(db, caller.tenantId(), id, attributes);
          record(db, caller, attempt.method(), id, attributes);
          return find(db, caller, id);
        });
  }

  Template get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  /// Fails with TEMPLATE_INACTIVE when no agents are made from it any more.
  public Template forUse(Caller caller, UUID id) {
    var template = get(caller, id);
    if (!template.attributes().active()) {
      throw new Problem.Refused(
              "TEMPLATE_INACTIVE",
              "no agents are made from the template any more",
              Map.of("id", id.toString()))
          .raise();
    }
    return template;
  }

  /// Counts an agent that is made from it.
  public void count(DSLContext db, Template template) {
    store.count(db, template.tenantId(), template.id());
  }

  Page list(
      Caller caller,
      @Nullable String category,
      boolean inactive,
      @Nullable Position after,
      int size) {
    var found =
        database.read(db -> store.list(db, caller.tenantId(), category, inactive, after, size + 1));
    var page = PageCut.of(found, size, Template::characters);
    if (page.size() == found.size()) {
      return new Page(page, null);
    }
    var last = page.getLast();
    return new Page(page, new Position(last.attributes().name(), last.id()));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Template update(
      Caller caller,
      Attempt<Template> attempt,
      UUID id,
      String etag,
      UnaryOperator<Attributes> change) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = lock(db, caller, id, etag);
          var attributes = change.apply(current.attributes());
          if (attributes.equals(current.attributes())) {
            return current;
          }
          check(caller, attributes);
          store.update(db, caller.tenantId(), id, attributes);
          record(db, caller, attempt.method(), id, attributes);
          return find(db, caller, id);
        });
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = lock(db, caller, id, etag);
          store.delete(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), id, current.attributes());
          return true;
        });
  }

  private Template lock(DSLContext db, Caller caller, UUID id, String etag) {
    var current = store.lock(db, caller.tenantId(), id).orElseThrow(() -> refusal(db, caller, id));
    if (!etag.isEmpty() && !etag.equals(current.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
    }
    check(caller, current.attributes());
    return current;
  }

  /// A shared one of the platform's is there for everybody, and writable there alone.
  private RuntimeException refusal(DSLContext db, Caller caller, UUID id) {
    return store.find(db, caller.tenantId(), id).isPresent()
        ? new Problem.Denied(PLATFORM).raise()
        : notFound(id);
  }

  private static void check(Caller caller, Attributes attributes) {
    if (attributes.name().isEmpty()) {
      throw Problem.invalid("agent_template.name", "must be set");
    }
    if (attributes.shared() && !caller.may(PLATFORM)) {
      throw new Problem.Denied(PLATFORM).raise();
    }
  }

  private Template find(DSLContext db, Caller caller, UUID id) {
    return store.find(db, caller.tenantId(), id).orElseThrow(() -> notFound(id));
  }

  private static RuntimeException notFound(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private void record(DSLContext db, Caller caller, String action, UUID id, Attributes attributes) {
    var changes =
        Map.of(
            "name", attributes.name(),
            "active", Boolean.toString(attributes.active()),
            "shared", Boolean.toString(attributes.shared()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, id.toString(), changes));
  }
}
