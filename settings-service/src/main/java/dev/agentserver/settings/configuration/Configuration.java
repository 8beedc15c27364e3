package dev.agentserver.settings.configuration;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.history.Entry;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Turn;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// A tenant's settings: what they are, what they were, and how they are changed.
public final class Configuration {
  /// The settings of an environment at a revision.
  record State(long revision, List<Setting> settings) {}

  private static final RuntimeException UNDONE =
      new RuntimeException("a dry run ends here", null, false, false) {
        private static final long serialVersionUID = 1;
      };

  private final Database database;
  private final Writes writes;
  private final History history;
  private final Snapshots snapshots;
  private final Platform platform;
  private final Changes changes;

  Configuration(
      Database database,
      Writes writes,
      History history,
      Snapshots snapshots,
      Platform platform,
      Changes changes) {
    this.database = database;
    this.writes = writes;
    this.history = history;
    this.snapshots = snapshots;
    this.platform = platform;
    this.changes = changes;
  }

  /// The settings now, those of the platform that anybody may read among them where the tenant has
  /// none of their keys.
  State get(UUID tenantId, String environment, String prefix) {
    return state(snapshots.get(tenantId), tenantId, environment, prefix);
  }

  State state(Snapshot snapshot, UUID tenantId, String environment, String prefix) {
    var own = snapshot.settings(environment, prefix);
    var inherited =
        platform
            .find()
            .filter(id -> !id.equals(tenantId))
            .map(id -> inherited(snapshots.get(id), snapshot, environment, prefix))
            .orElseGet(Stream::empty);
    var all =
        Stream.concat(own, inherited).sorted(java.util.Comparator.comparing(Setting::key)).toList();
    return new State(snapshot.revision(), all);
  }

  private static Stream<Setting> inherited(
      Snapshot platform, Snapshot own, String environment, String prefix) {
    return platform
        .settings(environment, prefix)
        .filter(setting -> platform.definitions().get(setting.key()).draft().isPublic())
        .filter(setting -> !own.definitions().containsKey(setting.key()))
        .map(Setting::ofPlatform);
  }

  /// What anybody may read: the public settings of a tenant over those of the platform.
  ///
  /// @param tenantId null: the platform's only
  State published(@Nullable UUID tenantId, String environment) {
    var of = Optional.ofNullable(tenantId).or(platform::find);
    if (of.isEmpty()) {
      return new State(0, List.of());
    }
    var snapshot = snapshots.get(of.get());
    var all = state(snapshot, of.get(), environment, "");
    return new State(
        all.revision(),
        all.settings().stream()
            .filter(
                setting ->
                    setting.platform()
                        || snapshot.definitions().get(setting.key()).draft().isPublic())
            .toList());
  }

  /// The settings as they were after a revision.
  State past(Caller caller, String environment, String prefix, long revision) {
    requireRevision(caller, "revision", revision);
    var past = snapshots.past(caller.tenantId(), revision);
    return new State(revision, past.settings(environment, prefix).toList());
  }

  private void requireRevision(Caller caller, String field, long revision) {
    var last = database.read(db -> history.last(db, caller.tenantId()));
    if (revision > last) {
      throw Problem.invalid(field, "is beyond the last revision, " + last);
    }
  }

  Applied apply(Caller caller, Attempt<Applied> attempt, List<ValueChange> list, Edit edit) {
    return transact(
        caller,
        attempt,
        edit.dry(),
        (db, turn) -> {
          var differences = changes.make(db, turn, caller, edit, list);
          return new Applied(edit.dry() ? turn.begin() : turn.last(), differences);
        });
  }

  /// Runs an effect in the caller's turn; a dry run is the same and undone at its end.
  <T> T transact(
      Caller caller, Attempt<T> attempt, boolean dry, BiFunction<DSLContext, Turn, T> effect) {
    if (!dry) {
      return writes.once(
          caller, attempt, db -> effect.apply(db, history.begin(db, caller.tenantId())));
    }
    var result = new AtomicReference<T>();
    try {
      database.write(
          db -> {
            result.set(effect.apply(db, history.begin(db, caller.tenantId())));
            throw UNDONE;
          });
    } catch (RuntimeException end) {
      if (end != UNDONE) {
        throw end;
      }
    }
    return result.get();
  }

  /// A page of what differs between two revisions, and the value the next begins after; null on the
  /// last.
  record Differences(List<Difference> differences, @Nullable Item next) {}

  /// @param to 0: the last revision
  Differences diff(Caller caller, long from, long to, @Nullable Item after, int size) {
    var tenant = caller.tenantId();
    return database.snapshot(
        db -> {
          var last = history.last(db, tenant);
          var end = to == 0 ? last : to;
          if (from > end || end > last) {
            throw Problem.invalid(
                "from_revision", "and to_revision are not in order up to the last, " + last);
          }
          var items = history.touched(db, tenant, from, end, after, size + 1);
          var page = items.size() <= size ? items : items.subList(0, size);
          var keys = page.stream().map(Item::key).distinct().toList();
          var before = history.at(db, tenant, from, keys);
          var then = history.at(db, tenant, end, keys);
          var differences =
              page.stream()
                  .map(
                      item ->
                          new Difference(
                              item, Entry.content(before.get(item)), Entry.content(then.get(item))))
                  .filter(each -> !each.before().equals(each.after()))
                  .toList();
          return new Differences(differences, items.size() <= size ? null : page.getLast());
        });
  }

  /// A page of the history, and where the next begins; null on the last.
  record Past(List<Entry> entries, Entry.@Nullable Position next) {}

  /// The newest first.
  ///
  /// @param key only this one; null: all
  Past history(Caller caller, @Nullable String key, Entry.@Nullable Position after, int size) {
    var found = database.read(db -> history.list(db, caller.tenantId(), key, after, size + 1));
    if (found.size() <= size) {
      return new Past(found, null);
    }
    return new Past(found.subList(0, size), found.get(size - 1).position());
  }
}
