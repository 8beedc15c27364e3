package dev.agentserver.settings.history;

import static dev.agentserver.settings.db.Tables.REVISION;
import static dev.agentserver.settings.db.Tables.REVISION_HEAD;
import static dev.agentserver.settings.db.Tables.REVISION_ITEM;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectDistinct;
import static org.jooq.impl.DSL.val;

import dev.agentserver.settings.history.Revision.Kind;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of revisions.
final class HistoryStore {
  /// The last revision. The row stays locked until the transaction ends.
  long lock(DSLContext db, Space space, UUID tenantId) {
    db.insertInto(REVISION_HEAD)
        .set(REVISION_HEAD.TENANT_ID, tenantId)
        .set(REVISION_HEAD.SPACE, space.name())
        .set(REVISION_HEAD.LAST_REVISION, 0L)
        .onConflictDoNothing()
        .execute();
    return db.select(REVISION_HEAD.LAST_REVISION)
        .from(REVISION_HEAD)
        .where(REVISION_HEAD.TENANT_ID.eq(tenantId))
        .and(REVISION_HEAD.SPACE.eq(space.name()))
        .forUpdate()
        .fetchSingle()
        .value1();
  }

  /// The last revisions of tenants that have any.
  Map<UUID, Long> heads(DSLContext db, Space space, UUID[] tenants) {
    return db.select(REVISION_HEAD.TENANT_ID, REVISION_HEAD.LAST_REVISION)
        .from(REVISION_HEAD)
        .where(REVISION_HEAD.TENANT_ID.eq(any(tenants)))
        .and(REVISION_HEAD.SPACE.eq(space.name()))
        .fetchMap(REVISION_HEAD.TENANT_ID, REVISION_HEAD.LAST_REVISION);
  }

  void insert(
      DSLContext db,
      Space space,
      UUID tenantId,
      long number,
      Kind kind,
      UUID changedBy,
      String reason,
      Map<Item, Content> items) {
    db.update(REVISION_HEAD)
        .set(REVISION_HEAD.LAST_REVISION, number)
        .where(REVISION_HEAD.TENANT_ID.eq(tenantId))
        .and(REVISION_HEAD.SPACE.eq(space.name()))
        .execute();
    db.insertInto(REVISION)
        .set(REVISION.TENANT_ID, tenantId)
        .set(REVISION.SPACE, space.name())
        .set(REVISION.REVISION_, number)
        .set(REVISION.KIND, kind.name())
        .set(REVISION.CHANGED_BY, changedBy)
        .set(REVISION.REASON, reason)
        .set(REVISION.CREATED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .execute();
    var table = REVISION_ITEM;
    db.insertInto(
            table,
            table.TENANT_ID,
            table.SPACE,
            table.REVISION,
            table.ITEM_KEY,
            table.ENVIRONMENT,
            table.VALUE,
            table.FINGERPRINT)
        .valuesOfRows(
            items.entrySet().stream()
                .map(
                    each ->
                        row(
                            tenantId,
                            space.name(),
                            number,
                            each.getKey().key(),
                            each.getKey().environment(),
                            each.getValue().text(),
                            each.getValue().fingerprint()))
                .toList())
        .execute();
  }

  /// Those of the keys that a revision after this one touched.
  List<String> touchedSince(
      DSLContext db, Space space, UUID tenantId, long after, Collection<String> keys) {
    return db.selectDistinct(REVISION_ITEM.ITEM_KEY)
        .from(REVISION_ITEM)
        .where(of(space, tenantId))
        .and(REVISION_ITEM.REVISION.gt(after))
        .and(REVISION_ITEM.ITEM_KEY.eq(any(keys.toArray(String[]::new))))
        .orderBy(REVISION_ITEM.ITEM_KEY)
        .fetch(Record1::value1);
  }

  /// What there was after a revision, with the revision that made it so. What was removed is
  /// absent.
  ///
  /// @param keys only these; null: all
  Map<Item, Entry> at(
      DSLContext db, Space space, UUID tenantId, long revision, @Nullable Collection<String> keys) {
    var found = new HashMap<Item, Entry>();
    db.select(REVISION_ITEM.fields())
        .select(REVISION.fields())
        .distinctOn(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
        .from(REVISION_ITEM)
        .join(REVISION)
        .on(REVISION.TENANT_ID.eq(REVISION_ITEM.TENANT_ID))
        .and(REVISION.SPACE.eq(REVISION_ITEM.SPACE))
        .and(REVISION.REVISION_.eq(REVISION_ITEM.REVISION))
        .where(of(space, tenantId))
        .and(REVISION_ITEM.REVISION.le(revision))
        .and(
            keys == null
                ? noCondition()
                : REVISION_ITEM.ITEM_KEY.eq(any(keys.toArray(String[]::new))))
        .orderBy(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT, REVISION_ITEM.REVISION.desc())
        .forEach(
            each -> {
              var entry = entry(each);
              if (!entry.content().isNone()) {
                found.put(entry.item(), entry);
              }
            });
    return found;
  }

  /// The values that revisions in (from, to] touched, by key.
  List<Item> touched(
      DSLContext db,
      Space space,
      UUID tenantId,
      long from,
      long to,
      @Nullable Item after,
      int limit) {
    return db.selectDistinct(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
        .from(REVISION_ITEM)
        .where(of(space, tenantId))
        .and(REVISION_ITEM.REVISION.gt(from))
        .and(REVISION_ITEM.REVISION.le(to))
        .and(REVISION_ITEM.ENVIRONMENT.ne(""))
        .and(
            after == null
                ? noCondition()
                : row(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
                    .gt(val(after.key()), val(after.environment())))
        .orderBy(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
        .limit(limit)
        .fetch(each -> new Item(each.value1(), each.value2()));
  }

  /// The newest first.
  ///
  /// @param key only this one; null: all
  List<Entry> list(
      DSLContext db,
      Space space,
      UUID tenantId,
      @Nullable String key,
      Entry.@Nullable Position after,
      int limit) {
    return db.select(REVISION_ITEM.fields())
        .select(REVISION.fields())
        .from(REVISION_ITEM)
        .join(REVISION)
        .on(REVISION.TENANT_ID.eq(REVISION_ITEM.TENANT_ID))
        .and(REVISION.SPACE.eq(REVISION_ITEM.SPACE))
        .and(REVISION.REVISION_.eq(REVISION_ITEM.REVISION))
        .where(of(space, tenantId))
        .and(key == null ? noCondition() : REVISION_ITEM.ITEM_KEY.eq(key))
        .and(after == null ? noCondition() : isBefore(after))
        .orderBy(REVISION_ITEM.REVISION.desc(), REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
        .limit(limit)
        .fetch(HistoryStore::entry);
  }

  private static Condition isBefore(Entry.Position after) {
    var item = after.item();
    return REVISION_ITEM
        .REVISION
        .lt(after.revision())
        .or(
            REVISION_ITEM
                .REVISION
                .eq(after.revision())
                .and(
                    row(REVISION_ITEM.ITEM_KEY, REVISION_ITEM.ENVIRONMENT)
                        .gt(val(item.key()), val(item.environment()))));
  }

  /// The last revision that was made until then; 0: none.
  long until(DSLContext db, Space space, UUID tenantId, Instant time) {
    var last =
        db.select(max(REVISION.REVISION_))
            .from(REVISION)
            .where(REVISION.TENANT_ID.eq(tenantId))
            .and(REVISION.SPACE.eq(space.name()))
            .and(REVISION.CREATED_AT.le(time.atOffset(ZoneOffset.UTC)))
            .fetchSingle()
            .value1();
    return last == null ? 0 : last;
  }

  List<Touched> touched(DSLContext db, Space space, UUID tenantId, long after, int limit) {
    var keys =
        multiset(
                selectDistinct(REVISION_ITEM.ITEM_KEY)
                    .from(REVISION_ITEM)
                    .where(REVISION_ITEM.TENANT_ID.eq(REVISION.TENANT_ID))
                    .and(REVISION_ITEM.SPACE.eq(REVISION.SPACE))
                    .and(REVISION_ITEM.REVISION.eq(REVISION.REVISION_))
                    .orderBy(REVISION_ITEM.ITEM_KEY))
            .convertFrom(found -> found.map(Record1::value1));
    return db.select(REVISION.REVISION_, REVISION.CREATED_AT, keys)
        .from(REVISION)
        .where(REVISION.TENANT_ID.eq(tenantId))
        .and(REVISION.SPACE.eq(space.name()))
        .and(REVISION.REVISION_.gt(after))
        .orderBy(REVISION.REVISION_)
        .limit(limit)
        .fetch(each -> new Touched(each.value1(), each.value2().toInstant(), each.value3()));
  }

  private static Condition of(Space space, UUID tenantId) {
    return REVISION_ITEM.TENANT_ID.eq(tenantId).and(REVISION_ITEM.SPACE.eq(space.name()));
  }

  private static Entry entry(Record found) {
    var revision =
        new Revision(
            found.get(REVISION.REVISION_),
            Kind.valueOf(found.get(REVISION.KIND)),
            found.get(REVISION.CHANGED_BY),
            found.get(REVISION.REASON),
            found.get(REVISION.CREATED_AT).toInstant());
    return new Entry(
        revision,
        new Item(found.get(REVISION_ITEM.ITEM_KEY), found.get(REVISION_ITEM.ENVIRONMENT)),
        new Content(found.get(REVISION_ITEM.VALUE), found.get(REVISION_ITEM.FINGERPRINT)));
  }
}
