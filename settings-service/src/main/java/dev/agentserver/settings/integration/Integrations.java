package dev.agentserver.settings.integration;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.integration.Integration.Attributes;
import dev.agentserver.settings.integration.Integration.Draft;
import dev.agentserver.settings.outbound.Endpoint;
import dev.agentserver.settings.outbound.Probe;
import dev.agentserver.settings.outbound.ProbeResult;
import dev.agentserver.settings.registry.Changes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;

/// Finds, changes and tests the integrations of the caller's tenant.
public final class Integrations {
  private static final String RESOURCE = "integration";
  private static final int LIMIT = 500;
  private static final int SETTINGS = 16 * 1024;
  private static final String BASE_URL = "integration.base_url";

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Changes changes;
  private final Probe probe;
  private final IntegrationStore store = new IntegrationStore();

  public Integrations(
      Database database, Writes writes, AuditTrail audit, Ids ids, Changes changes, Probe probe) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.changes = changes;
    this.probe = probe;
  }

  Integration create(Caller caller, Attempt<Integration> attempt, Draft draft) {
    check(draft.attributes());
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

  Integration get(Caller caller, UUID id) {
    return database
        .read(db -> store.find(db, caller.tenantId(), id))
        .orElseThrow(() -> missing(id));
  }

  /// By name.
  ///
  /// @param after the name that the page before ended with; empty: from the start
  List<Integration> list(Caller caller, String after, int limit) {
    return database.read(db -> store.list(db, caller.tenantId(), after, limit));
  }

  /// Those that are there, by name, each once.
  List<Integration> find(Caller caller, Collection<UUID> wanted, Collection<String> names) {
    return database.read(db -> store.find(db, caller.tenantId(), wanted, names));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Integration update(
      Caller caller,
      Attempt<Integration> attempt,
      UUID id,
      String etag,
      Function<Integration, Attributes> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var current = change(db, caller, id, etag);
          var edited = edit.apply(current);
          if (edited.equals(current.attributes())) {
            return current;
          }
          check(edited);
          store.update(db, caller.tenantId(), current, edited);
          return written(db, caller, attempt.method(), id);
        });
  }

  /// Takes its settings and its tools along.
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var integration = change(db, caller, id, etag);
          store.delete(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), integration);
          return true;
        });
  }

  /// Asks its base URL for an answer.
  ///
  /// @param method for the audit trail
  ProbeResult test(Caller caller, String method, UUID id) {
    var integration = get(caller, id);
    var endpoint =
        Endpoint.parse(integration.attributes().baseUrl())
            .orElseThrow(() -> Problem.invalid(BASE_URL, "must be set"));
    var result = probe.ask(endpoint);
    var what =
        Map.of("base_url", integration.attributes().baseUrl(), "outcome", result.outcome().name());
    database.write(
        db -> {
          audit.record(db, caller, new AuditRecord(method, RESOURCE, id.toString(), what));
          return true;
        });
    return result;
  }

  private static void check(Attributes attributes) {
    Endpoint.check(attributes.baseUrl(), BASE_URL);
    var characters =
        attributes.settings().entrySet().stream()
            .mapToInt(each -> each.getKey().length() + each.getValue().length())
            .sum();
    if (characters > SETTINGS) {
      throw Problem.invalid(
          "integration.settings", "must not have more than " + SETTINGS + " characters together");
    }
  }

  private Integration change(DSLContext db, Caller caller, UUID id, String etag) {
    changes.begin(db, caller.tenantId());
    var current = store.find(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
    if (!etag.isEmpty() && !etag.equals(current.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
    }
    return current;
  }

  private Integration written(DSLContext db, Caller caller, String method, UUID id) {
    var integration = store.find(db, caller.tenantId(), id).orElseThrow();
    record(db, caller, method, integration);
    return integration;
  }

  private void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    try {
      store.insert(db, tenantId, id, draft);
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "integration_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "integration_name_unique" -> new Problem.AlreadyExists(RESOURCE, draft.name()).raise();
        default -> e;
      };
    }
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(RESOURCE, id.toString()).raise();
  }

  private void record(DSLContext db, Caller caller, String action, Integration integration) {
    var attributes = integration.attributes();
    var what =
        Map.of(
            "name", integration.name(),
            "display_name", attributes.displayName(),
            "base_url", attributes.baseUrl(),
            "settings", attributes.settings().toString(),
            "active", Boolean.toString(attributes.active()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, integration.id().toString(), what));
  }
}
