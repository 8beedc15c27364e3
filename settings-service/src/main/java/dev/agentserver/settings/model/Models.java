package dev.agentserver.settings.model;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.model.Model.Attributes;
import dev.agentserver.settings.model.Model.Draft;
import dev.agentserver.settings.model.Model.Name;
import dev.agentserver.settings.registry.Changes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Finds and changes the models of the caller's tenant.
public final class Models {
  private static final String RESOURCE = "model";
  private static final int LIMIT = 1_000;

  /// @param provider the name of the only one; empty: all
  /// @param inactive also what is not in use
  record Filter(String provider, boolean inactive) {}

  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Changes changes;
  private final Catalogues catalogues;
  private final ModelStore store = new ModelStore();

  public Models(Writes writes, AuditTrail audit, Ids ids, Changes changes, Catalogues catalogues) {
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.changes = changes;
    this.catalogues = catalogues;
  }

  Model create(Caller caller, Attempt<Model> attempt, Draft draft) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = caller.tenantId();
          changes.begin(db, tenant);
          Changes.requireRoom(RESOURCE, store.count(db, tenant), LIMIT);
          var id = draft.id() == null ? ids.next() : draft.id();
          insert(db, tenant, id, draft);
          return written(db, caller, attempt.method(), id);
        });
  }

  /// In use or not.
  Model get(Caller caller, UUID id) {
    return catalogues.of(caller.tenantId()).model(id).findFirst().orElseThrow(() -> missing(id));
  }

  /// By name, with the platform's beneath.
  ///
  /// @param after the name that the page before ended with; null: from the start
  List<Model> list(Caller caller, Filter filter, @Nullable Name after, int limit) {
    return catalogues.of(caller.tenantId()).models(filter.inactive()).stream()
        .filter(
            each -> filter.provider().isEmpty() || each.name().provider().equals(filter.provider()))
        .filter(each -> after == null || each.name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  /// The names of the models that the tenant's users can choose.
  public Set<String> offered(UUID tenantId) {
    return catalogues.of(tenantId).models(false).stream()
        .map(each -> each.name().model())
        .collect(Collectors.toSet());
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Model update(
      Caller caller,
      Attempt<Model> attempt,
      UUID id,
      String etag,
      Function<Model, Attributes> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = change(db, caller, id, etag);
          var edited = edit.apply(current);
          if (edited.equals(current.attributes())) {
            return current;
          }
          store.update(db, caller.tenantId(), id, edited);
          return written(db, caller, attempt.method(), id);
        });
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var model = change(db, caller, id, etag);
          store.delete(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), model);
          return true;
        });
  }

  private Model change(DSLContext db, Caller caller, UUID id, String etag) {
    changes.begin(db, caller.tenantId());
    var current = store.find(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
    if (!etag.isEmpty() && !etag.equals(current.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
    }
    return current;
  }

  private Model written(DSLContext db, Caller caller, String method, UUID id) {
    var model = store.find(db, caller.tenantId(), id).orElseThrow();
    record(db, caller, method, model);
    return model;
  }

  private void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    try {
      store.insert(db, tenantId, id, draft);
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "model_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "model_name_unique" -> new Problem.AlreadyExists(RESOURCE, draft.name()).raise();
        case "model_provider_fk" ->
            new Problem.NotFound(Providers.RESOURCE, draft.providerId().toString()).raise();
        default -> e;
      };
    }
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private void record(DSLContext db, Caller caller, String action, Model model) {
    var attributes = model.attributes();
    var what =
        Map.of(
            "provider_id", model.providerId().toString(),
            "name", model.name().model(),
            "display_name", attributes.displayName(),
            "context_window", Integer.toString(attributes.contextWindow()),
            "max_output_tokens", Integer.toString(attributes.maxOutputTokens()),
            "capabilities", String.join(",", attributes.capabilities()),
            "active", Boolean.toString(attributes.active()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, model.id().toString(), what));
  }
}
