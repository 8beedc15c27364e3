package dev.agentserver.settings.configuration;

import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.configuration.Skipped.Reason;
import dev.agentserver.settings.definition.Definition;
import dev.agentserver.settings.definition.DefinitionStore;
import dev.agentserver.settings.definition.Schemas;
import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes values what they were, in a new revision. What cannot be is skipped and named.
public final class Rollbacks {
  /// Where to go back to.
  sealed interface Target {
    record Revision(long number) implements Target {}

    record Time(Instant instant) implements Target {}
  }

  private final Configuration configuration;
  private final History history;
  private final Changes changes;
  private final DefinitionStore definitions = new DefinitionStore();
  private final ValueStore values = new ValueStore();

  Rollbacks(Configuration configuration, History history, Changes changes) {
    this.configuration = configuration;
    this.history = history;
    this.changes = changes;
  }

  /// @param key only this one, and then nothing is skipped: what cannot be is refused; null: all
  Applied rollBack(
      Caller caller, Attempt<Applied> attempt, @Nullable String key, Target target, Edit edit) {
    return configuration.transact(
        caller,
        attempt,
        edit.dry(),
        (db, turn) -> {
          var skipped = new ArrayList<Skipped>();
          var list = plan(db, turn, key, revision(db, turn, target), skipped);
          if (key != null && !skipped.isEmpty()) {
            throw refusal(key, skipped);
          }
          var differences = changes.make(db, turn, caller, edit, list);
          return new Applied(
              edit.dry() ? turn.begin() : turn.last(), differences, skipped, List.of());
        });
  }

  private long revision(DSLContext db, Turn turn, Target target) {
    return switch (target) {
      case Target.Time(var instant) -> history.until(db, turn.tenantId(), instant);
      case Target.Revision(var number) -> {
        if (number > turn.begin()) {
          throw Problem.invalid("to_revision", "is beyond the last revision, " + turn.begin());
        }
        yield number;
      }
    };
  }

  private List<ValueChange> plan(
      DSLContext db, Turn turn, @Nullable String key, long revision, List<Skipped> skipped) {
    var then = history.at(db, turn.tenantId(), revision, key == null ? null : List.of(key));
    var now =
        key == null
            ? values.all(db, turn.tenantId())
            : values.of(db, turn.tenantId(), List.of(key));
    var items = new TreeSet<>(now.keySet());
    then.keySet().stream().filter(item -> !item.isDefinition()).forEach(items::add);
    var keys = items.stream().map(Item::key).distinct().toList();
    var defined = definitions.find(db, turn.tenantId(), keys);
    var list = new ArrayList<ValueChange>();
    for (var item : items) {
      var wanted = Entry.content(then.get(item));
      var current = now.containsKey(item) ? now.get(item).content() : Content.NONE;
      if (!wanted.equals(current)) {
        var obstacle = obstacle(defined, item, wanted);
        if (obstacle == null) {
          list.add(new ValueChange(item, wanted.text()));
        } else {
          skipped.add(new Skipped(item, obstacle));
        }
      }
    }
    return list;
  }

  private static @Nullable Reason obstacle(
      Map<String, Definition> defined, Item item, Content wanted) {
    var definition = defined.get(item.key());
    if (definition == null) {
      return Reason.NOT_DEFINED;
    }
    if (wanted.fingerprint() != null) {
      return Reason.NOT_KEPT;
    }
    var text = wanted.text();
    return text == null || Schemas.fault(definition.draft(), text).isEmpty()
        ? null
        : Reason.NOT_ALLOWED;
  }

  private static RuntimeException refusal(String key, List<Skipped> skipped) {
    var first = skipped.getFirst();
    var environments = skipped.stream().map(each -> each.item().environment()).toList();
    var facts = Map.of("key", key, "environments", String.join(",", environments));
    return switch (first.reason()) {
      case NOT_DEFINED -> new Problem.NotFound("setting definition", key).raise();
      case NOT_KEPT ->
          new Problem.Refused(
                  "VALUE_NOT_KEPT", "the history has only fingerprints of " + key, facts)
              .raise();
      case NOT_ALLOWED ->
          new Problem.Refused(
                  "SCHEMA_VIOLATED", "the earlier value of " + key + " is not allowed now", facts)
              .raise();
    };
  }
}
