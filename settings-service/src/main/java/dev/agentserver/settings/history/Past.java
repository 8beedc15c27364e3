package dev.agentserver.settings.history;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What revisions of one space there were, and what they made of its values.
public class Past {
  private final Space space;
  private final HistoryStore store = new HistoryStore();

  public Past(Space space) {
    this.space = space;
  }

  Space space() {
    return space;
  }

  HistoryStore store() {
    return store;
  }

  /// The last revision; 0: there is none.
  public long last(DSLContext db, UUID tenantId) {
    return store.heads(db, space, new UUID[] {tenantId}).getOrDefault(tenantId, 0L);
  }

  /// The last revisions of those tenants that have any.
  public Map<UUID, Long> last(DSLContext db, List<UUID> tenants) {
    return store.heads(db, space, tenants.toArray(UUID[]::new));
  }

  /// What there was after a revision. What was removed by then is absent.
  ///
  /// @param keys only these; null: all
  public Map<Item, Entry> at(
      DSLContext db, UUID tenantId, long revision, @Nullable Collection<String> keys) {
    return store.at(db, space, tenantId, revision, keys);
  }

  /// The values that revisions in (from, to] touched, by key; definitions are none.
  public List<Item> touched(
      DSLContext db, UUID tenantId, long from, long to, @Nullable Item after, int limit) {
    return store.touched(db, space, tenantId, from, to, after, limit);
  }

  /// The newest first.
  ///
  /// @param key only this one; null: all
  public List<Entry> list(
      DSLContext db,
      UUID tenantId,
      @Nullable String key,
      Entry.@Nullable Position after,
      int limit) {
    return store.list(db, space, tenantId, key, after, limit);
  }

  /// The last revision that was made until then; 0: none.
  public long until(DSLContext db, UUID tenantId, Instant time) {
    return store.until(db, space, tenantId, time);
  }
}
