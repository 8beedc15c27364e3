package dev.agentserver.settings.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.json.JsonSchema.Fault;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.registry.Changes;
import dev.agentserver.settings.registry.TenantSnapshots;
import dev.agentserver.settings.run.RunGrants;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.tool.Tool.Draft;
import dev.agentserver.settings.tool.Tool.Edited;
import dev.agentserver.settings.tool.Tool.Schemas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Finds and changes the tools of the caller's tenant. What is read comes out of the memory, but
/// for the versions of before.
public final class Tools {
  private static final String RESOURCE = "tool";
  private static final int LIMIT = 1_000;
  private static final int VERSIONS = 1_000;
  private static final long BYTES = 8L * 1024 * 1024;

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Changes changes;
  private final TenantSnapshots<Toolbox> snapshots;
  private final RunGrants runs;
  private final ToolStore store = new ToolStore();

  /// @param integrationId null: any
  /// @param category empty: any
  record Filter(@Nullable UUID integrationId, String category, boolean inactive) {
    boolean takes(Tool tool) {
      return (inactive || tool.attributes().active())
          && (integrationId == null || integrationId.equals(tool.integrationId()))
          && (category.isEmpty() || category.equals(tool.attributes().category()));
    }
  }

  /// What the schema of this version forbids.
  record Validated(List<Fault> faults, int version) {}

  /// @param runs what runs may see of the tenant's tools
  public Tools(
      Database database,
      Writes writes,
      AuditTrail audit,
      Ids ids,
      Changes changes,
      TenantSnapshots<Toolbox> snapshots,
      RunGrants runs) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.changes = changes;
    this.snapshots = snapshots;
    this.runs = runs;
  }

  /// The tools of tenants, in memory.
  public static TenantSnapshots<Toolbox> snapshots(Database database) {
    var store = new ToolStore();
    return new TenantSnapshots<>(database, (db, tenantId) -> Toolbox.of(store.all(db, tenantId)));
  }

  Tool create(Caller caller, Attempt<Tool> attempt, Draft draft) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = caller.tenantId();
          changes.begin(db, tenant);
          Changes.requireRoom(RESOURCE, store.size(db, tenant).tools(), LIMIT);
          var id = draft.id() == null ? ids.next() : draft.id();
          insert(db, tenant, id, draft);
          requireRoom(db, tenant);
          return written(db, caller, attempt.method(), id);
        });
  }

  /// @param version of its schemas; 0: the newest
  Tool get(Caller caller, UUID id, int version) {
    var ref = new ToolRef(id, "", version);
    var found = find(caller, List.of(ref)).get(ref);
    if (found == null) {
      throw missing(id, version);
    }
    return found;
  }

  /// In use or not; those that are not there, or not in this version, are left out.
  Map<ToolRef, Tool> find(Caller caller, List<ToolRef> refs) {
    var toolbox = toolbox(caller);
    var found = new HashMap<ToolRef, Tool>();
    for (var ref : refs) {
      find(caller, toolbox, ref).ifPresent(tool -> found.put(ref, tool));
    }
    return found;
  }

  private Optional<Tool> find(Caller caller, Toolbox toolbox, ToolRef ref) {
    var tool = ref.id() == null ? toolbox.byName().get(ref.name()) : toolbox.byId().get(ref.id());
    if (tool == null || ref.version() == 0 || ref.version() == tool.schemas().version()) {
      return Optional.ofNullable(tool);
    }
    return database
        .read(db -> store.version(db, caller.tenantId(), tool.id(), ref.version()))
        .map(tool::with);
  }

  /// Those of the tenant; of them a run sees what its agent enables.
  private Toolbox toolbox(Caller caller) {
    var all = snapshots.of(caller.tenantId());
    return caller.run() == null ? all : all.only(runs.require(caller).tools());
  }

  /// By name.
  ///
  /// @param after the name that the page before ended with; empty: from the start
  List<Tool> list(Caller caller, Filter filter, String after, int limit) {
    return snapshots.of(caller.tenantId()).byName().tailMap(after, false).values().stream()
        .filter(filter::takes)
        .limit(limit)
        .toList();
  }

  /// The names of the tools in use, of each integration that has any.
  public Map<UUID, List<String>> namesByIntegration(Caller caller) {
    return snapshots.of(caller.tenantId()).byName().values().stream()
        .filter(tool -> tool.integrationId() != null && tool.attributes().active())
        .collect(
            Collectors.groupingBy(
                Tool::integrationId, Collectors.mapping(Tool::name, Collectors.toList())));
  }

  /// @param version of its schemas; 0: the newest
  Validated validate(Caller caller, UUID id, int version, JsonNode input) {
    var schemas = get(caller, id, version).schemas();
    return new Validated(schemas.input().faults(input), schemas.version());
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Tool update(
      Caller caller, Attempt<Tool> attempt, UUID id, String etag, Function<Tool, Edited> edit) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = caller.tenantId();
          var current = change(db, caller, id, etag);
          var edited = edit.apply(current);
          var same = edited.schemas().say(current.schemas());
          if (same && edited.attributes().equals(current.attributes())) {
            return current;
          }
          store.update(
              db,
              tenant,
              current,
              edited.attributes(),
              same ? current.schemas() : next(current.schemas(), edited.schemas()));
          requireRoom(db, tenant);
          return written(db, caller, attempt.method(), id);
        });
  }

  /// All versions of it.
  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tool = change(db, caller, id, etag);
          store.delete(db, caller.tenantId(), id);
          record(db, caller, attempt.method(), tool);
          return true;
        });
  }

  private static Schemas next(Schemas old, Schemas changed) {
    Changes.requireRoom("tool version", old.version(), VERSIONS);
    return new Schemas(old.version() + 1, changed.input(), changed.output());
  }

  /// It all lies in the memory of every process that is asked for it.
  private void requireRoom(DSLContext db, UUID tenantId) {
    Changes.requireRoom("byte of tools' schemas", store.size(db, tenantId).bytes(), BYTES);
  }

  private Tool change(DSLContext db, Caller caller, UUID id, String etag) {
    changes.begin(db, caller.tenantId());
    var current = store.find(db, caller.tenantId(), id).orElseThrow(() -> missing(id, 0));
    if (!etag.isEmpty() && !etag.equals(current.etag())) {
      throw new Problem.Stale(RESOURCE, id.toString(), current.etag()).raise();
    }
    return current;
  }

  private Tool written(DSLContext db, Caller caller, String method, UUID id) {
    var tool = store.find(db, caller.tenantId(), id).orElseThrow();
    record(db, caller, method, tool);
    return tool;
  }

  private void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    try {
      store.insert(db, tenantId, id, draft);
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "tool_pk" -> new Problem.AlreadyExists(RESOURCE, id.toString()).raise();
        case "tool_name_unique" -> new Problem.AlreadyExists(RESOURCE, draft.name()).raise();
        case "tool_integration_fk" ->
            new Problem.NotFound("integration", ProtoText.orEmpty(draft.integrationId())).raise();
        default -> e;
      };
    }
  }

  private static RuntimeException missing(UUID id, int version) {
    return new Problem.NotFound(RESOURCE, version == 0 ? id.toString() : id + "@" + version)
        .raise();
  }

  private void record(DSLContext db, Caller caller, String action, Tool tool) {
    var what =
        Map.of(
            "integration_id", ProtoText.orEmpty(tool.integrationId()),
            "name", tool.name(),
            "description", tool.attributes().description(),
            "category", tool.attributes().category(),
            "active", Boolean.toString(tool.attributes().active()),
            "version", Integer.toString(tool.schemas().version()),
            "input_schema", tool.schemas().input().text(),
            "output_schema", tool.schemas().output().text());
    audit.record(db, caller, new AuditRecord(action, RESOURCE, tool.id().toString(), what));
  }
}
