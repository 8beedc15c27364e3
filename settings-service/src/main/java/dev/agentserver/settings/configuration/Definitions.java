package dev.agentserver.settings.configuration;

import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.Definition.Draft;
import dev.agentserver.settings.definition.DefinitionJson;
import dev.agentserver.settings.definition.DefinitionStore;
import dev.agentserver.settings.definition.Schemas;
import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Revision.Kind;
import dev.agentserver.settings.history.Turn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Makes, changes and deletes definitions. Each is a revision of the tenant's configuration,
/// because it may change what settings are.
public final class Definitions {
  private static final String RESOURCE = "setting definition";
  private static final String FIELD = "definition";

  /// A page of definitions, and the key the next one begins after; null on the last.
  record Page(List<Definition> definitions, @Nullable String next) {}

  private final Database database;
  private final Writes writes;
  private final History history;
  private final Changes changes;
  private final DefinitionStore store = new DefinitionStore();
  private final ValueStore values = new ValueStore();

  Definitions(Database database, Writes writes, History history, Changes changes) {
    this.database = database;
    this.writes = writes;
    this.history = history;
    this.changes = changes;
  }

  Definition create(Caller caller, Attempt<Definition> attempt, Draft draft, String reason) {
    Schemas.check(draft, FIELD);
    return writes.once(
        caller,
        attempt,
        db -> {
          var turn = history.begin(db, caller.tenantId());
          return create(db, turn, caller, draft, "", new Why(attempt.method(), reason));
        });
  }

  /// Which method makes a revision, and what for.
  record Why(String action, String reason) {}

  Definition create(DSLContext db, Turn turn, Caller caller, Draft draft, String service, Why why) {
    try {
      store.insert(db, turn.tenantId(), draft, service, turn.next());
    } catch (IntegrityConstraintViolationException e) {
      throw switch (Constraints.violated(e).orElse("")) {
        case "setting_definition_pk" -> new Problem.AlreadyExists(RESOURCE, draft.key()).raise();
        case "setting_definition_variable_unique" ->
            new Problem.AlreadyExists(RESOURCE, Definition.variable(draft.key())).raise();
        default -> e;
      };
    }
    return commit(db, turn, caller, draft, why);
  }

  private Definition commit(DSLContext db, Turn turn, Caller caller, Draft draft, Why why) {
    var item = Item.definition(draft.key());
    var content = Content.text(DefinitionJson.write(draft));
    var revision =
        turn.commit(Kind.DEFINITION, caller.principalId(), why.reason(), Map.of(item, content));
    changes.requireRoom(db, turn.tenantId());
    changes.record(db, caller, why.action(), revision, item, content);
    return store.find(db, turn.tenantId(), draft.key()).orElseThrow();
  }

  Definition get(Caller caller, String key) {
    return database
        .read(db -> store.find(db, caller.tenantId(), key))
        .orElseThrow(() -> missing(key));
  }

  /// All of a tenant's; their bytes are bounded.
  List<Definition> all(DSLContext db, UUID tenantId) {
    return store.list(db, tenantId, "", "", Integer.MAX_VALUE);
  }

  /// By key.
  Page list(Caller caller, String prefix, String after, int size) {
    var found = database.read(db -> store.list(db, caller.tenantId(), prefix, after, size + 1));
    return found.size() <= size
        ? new Page(found, null)
        : new Page(found.subList(0, size), found.get(size - 1).key());
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  Definition replace(
      Caller caller, Attempt<Definition> attempt, Draft draft, String etag, String reason) {
    Schemas.check(draft, FIELD);
    return writes.once(
        caller,
        attempt,
        db -> {
          var turn = history.begin(db, caller.tenantId());
          var current =
              store
                  .find(db, caller.tenantId(), draft.key())
                  .orElseThrow(() -> missing(draft.key()));
          if (!etag.isEmpty() && !etag.equals(current.etag())) {
            throw new Problem.Stale(RESOURCE, draft.key(), current.etag()).raise();
          }
          if (current.type() != draft.type() || current.sensitive() != draft.sensitive()) {
            throw Problem.invalid(
                FIELD, "its type, and whether it is sensitive, cannot be changed");
          }
          if (current.draft().equals(draft)) {
            return current;
          }
          requireObeyed(db, turn.tenantId(), draft);
          var why = new Why(attempt.method(), reason);
          return replace(db, turn, caller, draft, current.service(), why);
        });
  }

  private Definition replace(
      DSLContext db, Turn turn, Caller caller, Draft draft, String service, Why why) {
    store.replace(db, turn.tenantId(), draft, service, turn.next());
    return commit(db, turn, caller, draft, why);
  }

  private void requireObeyed(DSLContext db, UUID tenantId, Draft draft) {
    var violators = violators(db, tenantId, draft);
    if (!violators.isEmpty()) {
      throw new Problem.Refused(
              "SCHEMA_VIOLATED",
              "values of "
                  + draft.key()
                  + " break the schema: "
                  + String.join("; ", violators.values()),
              Map.of(
                  "key", draft.key(),
                  "environments", String.join(",", violators.keySet())))
          .raise();
    }
  }

  /// Environment to what is wrong with the value there.
  private Map<String, String> violators(DSLContext db, UUID tenantId, Draft draft) {
    var violators = new TreeMap<String, String>();
    values
        .of(db, tenantId, List.of(draft.key()))
        .forEach(
            (item, value) ->
                Optional.ofNullable(changes.clear(tenantId, item, value))
                    .flatMap(text -> Schemas.fault(draft, text))
                    .ifPresent(
                        fault ->
                            violators.put(item.environment(), item.environment() + " " + fault)));
    return violators;
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, String key, String reason) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var turn = history.begin(db, caller.tenantId());
          store.find(db, caller.tenantId(), key).orElseThrow(() -> missing(key));
          var items = new TreeMap<Item, Content>();
          items.put(Item.definition(key), Content.NONE);
          values
              .of(db, caller.tenantId(), List.of(key))
              .keySet()
              .forEach(item -> items.put(item, Content.NONE));
          store.delete(db, caller.tenantId(), key);
          var revision = turn.commit(Kind.DEFINITION, caller.principalId(), reason, items);
          items.forEach(
              (item, none) -> changes.record(db, caller, attempt.method(), revision, item, none));
          return true;
        });
  }

  /// Makes the definitions of a service what it says. What there is stays where stored values would
  /// break the new definition, or where it is another thing.
  ///
  /// @return the keys that were left as they are
  List<String> register(Caller caller, String service, List<Draft> drafts, String action) {
    drafts.forEach(draft -> Schemas.check(draft, "definitions"));
    return database.write(db -> register(db, caller, service, drafts, action));
  }

  private List<String> register(
      DSLContext db, Caller caller, String service, List<Draft> drafts, String action) {
    var why = new Why(action, service);
    var keys = drafts.stream().map(Draft::key).toList();
    // Nothing is locked where nothing is new: every replica registers at every start.
    var known = store.find(db, caller.tenantId(), keys);
    if (drafts.stream().allMatch(draft -> isKnown(known.get(draft.key()), draft, service))) {
      return List.of();
    }
    var turn = history.begin(db, caller.tenantId());
    var current = store.find(db, caller.tenantId(), keys);
    return drafts.stream()
        .filter(draft -> !register(db, turn, caller, service, draft, current.get(draft.key()), why))
        .map(Draft::key)
        .toList();
  }

  private static boolean isKnown(@Nullable Definition known, Draft draft, String service) {
    return known != null && known.is(draft, service);
  }

  private boolean register(
      DSLContext db,
      Turn turn,
      Caller caller,
      String service,
      Draft draft,
      @Nullable Definition current,
      Why why) {
    if (current == null) {
      create(db, turn, caller, draft, service, why);
      return true;
    }
    if (isKnown(current, draft, service)) {
      return true;
    }
    if (current.type() != draft.type()
        || current.sensitive() != draft.sensitive()
        || !violators(db, turn.tenantId(), draft).isEmpty()) {
      return false;
    }
    replace(db, turn, caller, draft, service, why);
    return true;
  }

  private static RuntimeException missing(String key) {
    return new Problem.NotFound(RESOURCE, key).raise();
  }
}
