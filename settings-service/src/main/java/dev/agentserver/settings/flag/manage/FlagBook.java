package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.eval.Snapshots;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.FlagStore;
import dev.agentserver.settings.flag.store.StoredFlag;
import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Item;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes flags: each change is checked against all that the tenant keeps, under the lock that
/// numbers its revisions, and is a revision if it changes anything.
final class FlagBook {
  private static final Logger LOG = LoggerFactory.getLogger(FlagBook.class);

  private final History history;
  private final Snapshots snapshots;
  private final FlagStore store = new FlagStore();

  /// What a change has made.
  ///
  /// @param revision the tenant's last revision
  /// @param flag empty where nothing is kept any more
  record Written(long revision, Optional<StoredFlag> flag) {}

  FlagBook(History history, Snapshots snapshots) {
    this.history = history;
    this.snapshots = snapshots;
  }

  /// @param edit from what there is, empty where there is nothing, to what there shall be
  Written write(
      DSLContext db,
      UUID tenantId,
      Change change,
      Function<Optional<StoredFlag>, FlagDocument> edit) {
    var turn = history.begin(db, tenantId);
    var item = change.item();
    var current = store.find(db, tenantId, item);
    var before = current.map(StoredFlag::document).orElse(FlagDocument.NONE);
    var after = edit.apply(current);
    if (after.equals(before)) {
      return new Written(turn.last(), current);
    }
    check(db, tenantId).require(item, after);
    var content = after.isNone() ? Content.NONE : Content.text(after.print());
    var revision =
        turn.commit(change.kind(), change.changedBy(), change.reason(), Map.of(item, content));
    Database.afterCommit(db, () -> refresh(tenantId));
    if (after.isNone()) {
      store.delete(db, tenantId, item);
      return new Written(revision, Optional.empty());
    }
    return new Written(revision, Optional.of(store.put(db, tenantId, item, after, revision)));
  }

  /// What is there now, and what is possible.
  FlagCheck check(DSLContext db, UUID tenantId) {
    var platform =
        store
            .platform(db)
            .filter(other -> !other.equals(tenantId))
            .map(other -> store.all(db, other))
            .orElse(List.of());
    return new FlagCheck(store.all(db, tenantId), platform);
  }

  Content at(DSLContext db, UUID tenantId, long revision, Item item) {
    if (revision > history.last(db, tenantId)) {
      throw Problem.invalid("to_revision", "is beyond the last revision");
    }
    var entry = history.at(db, tenantId, revision, List.of(item.key())).get(item);
    return entry == null ? Content.NONE : entry.content();
  }

  FlagStore store() {
    return store;
  }

  History history() {
    return history;
  }

  /// So that who has changed a flag sees it changed at once. The others of this process see it with
  /// them, those of other processes soon.
  private void refresh(UUID tenantId) {
    try {
      snapshots.refresh(tenantId);
    } catch (RuntimeException later) {
      LOG.debug("flags are read a little later", later);
    }
  }
}
