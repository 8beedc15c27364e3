package dev.agentserver.settings.model;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.model.Provider.Attributes;
import dev.agentserver.settings.model.Provider.Draft;
import dev.agentserver.settings.outbound.Endpoint;
import dev.agentserver.settings.registry.Changes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;

/// Finds and changes the providers of the caller's tenant.
public final class Providers {
  static final String RESOURCE = "provider";

  private static final int LIMIT = 100;
  private static final String BASE_URL = "provider.base_url";

  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Changes changes;
  private final Catalogues catalogues;
  private final ProviderStore store = new ProviderStore();

  public Providers(
      Writes writes, AuditTrail audit, Ids ids, Changes changes, Catalogues catalogues) {
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.changes = changes;
    this.catalogues = catalogues;
  }

  Provider create(Caller caller, Attempt<Provider> attempt, Draft draft) {
    Endpoint.check(draft.attributes().baseUrl(), BASE_URL);
    return writes.once(
        caller,
        attempt,
        db -> {
          changes.begin(db, caller.tenantId());
          Changes.requireRoom(RESOURCE, store.count(db, caller.tenantId()), LIMIT);
          var id = draft.id() == null ? ids.next() : draft.id();
          var provider = insert(db, caller.tenantId(), id, draft);
          record(db, caller, attempt.method(), provider);
          return provider;
        });
  }

  Provider get(Caller caller, UUID id) {
    return catalogues.of(caller.tenantId()).provider(id).findFirst().orElseThrow(() -> missing(id));
  }

  /// By name, with the platform's beneath.
  ///
  /// @param after the name that the page before ended with; empty: from the start
  List<Provider> list(Caller caller, String after, int limit) {
    return catalogues.of(caller.tenantId()).providers().stream()
        .filter(each -> each.name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Provider update(
      Caller caller,
      Attempt<Provider> attempt,
      UUID id,
      String etag,
      Function<Provider, Attributes> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = change(db, caller, id, etag);
          var edited = edit.apply(current);
          if (edited.equals(current.attributes())) {
            return current;
          }
          Endpoint.check(edited.baseUrl(), BASE_URL);
          var provider = store.update(db, caller.tenantId(), id, edited);
          record(db, caller, attempt.method(), provider);
          return provider;
        });
  }

  /// Takes its models along.
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var provider = change(db, caller, id, etag);
          store.delete(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), provider);
          return true;
        });
  }

  private Provider change(DSLContext db, Caller caller, UUID id, String etag) {
    changes.begin(db, caller.tenantId());
    var current = store.find(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
    if (!etag.isEmpty() && !etag.equals(current.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
    }
    return current;
  }

  private Provider insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    try {
      return store.insert(db, tenantId, id, draft);
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "provider_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "provider_name_unique" -> new Problem.AlreadyExists(RESOURCE, draft.name()).raise();
        default -> e;
      };
    }
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private void record(DSLContext db, Caller caller, String action, Provider provider) {
    var attributes = provider.attributes();
    var what =
        Map.of(
            "name", provider.name(),
            "display_name", attributes.displayName(),
            "base_url", attributes.baseUrl(),
            "active", Boolean.toString(attributes.active()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, provider.id().toString(), what));
  }
}
