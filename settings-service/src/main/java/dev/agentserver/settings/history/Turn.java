package dev.agentserver.settings.history;

import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The one transaction that may make revisions of a tenant at this moment.
public final class Turn {
  private final DSLContext db;
  private final UUID tenantId;
  private final History history;
  private final long begin;
  private long last;

  Turn(DSLContext db, UUID tenantId, long last, History history) {
    this.db = db;
    this.tenantId = tenantId;
    this.begin = last;
    this.last = last;
    this.history = history;
  }

  public UUID tenantId() {
    return tenantId;
  }

  /// The last revision before this turn.
  public long begin() {
    return begin;
  }

  /// The last revision.
  public long last() {
    return last;
  }

  /// What the next revision's number is.
  public long next() {
    return last + 1;
  }

  /// Fails with CHANGE_CONFLICT where a revision after `base` touched one of the keys.
  ///
  /// @param base the revision that the caller has seen; null: whatever there is
  public void requireUntouched(@Nullable Long base, Collection<String> keys) {
    if (base == null || base == begin) {
      return;
    }
    if (base > begin) {
      throw Problem.invalid("base_revision", "is beyond the last revision, " + begin);
    }
    var touched = history.store().touchedSince(db, history.space(), tenantId, base, keys);
    if (!touched.isEmpty()) {
      throw new Problem.Refused(
              "CHANGE_CONFLICT",
              "a revision after " + base + " has touched " + String.join(", ", touched),
              Map.of("keys", String.join(",", touched), "revision", Long.toString(begin)))
          .raise();
    }
  }

  /// Makes a revision.
  ///
  /// @param items what it makes of each value; not empty
  public long commit(Revision.Kind kind, UUID changedBy, String reason, Map<Item, Content> items) {
    last++;
    history.store().insert(db, history.space(), tenantId, last, kind, changedBy, reason, items);
    history.commits().made(db, tenantId, last);
    return last;
  }
}
