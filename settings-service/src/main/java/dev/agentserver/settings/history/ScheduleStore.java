package dev.agentserver.settings.history;

import static dev.agentserver.settings.db.Tables.SCHEDULED_CHANGE;
import static dev.agentserver.settings.db.Tables.SCHEDULED_ITEM;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.history.Scheduled.Planned;
import dev.agentserver.settings.history.Scheduled.State;
import dev.agentserver.settings.secret.StoredSecret;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of scheduled changes.
final class ScheduleStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  private static final Field<List<Planned>> ITEMS =
      multiset(
              select(
                      SCHEDULED_ITEM.ITEM_KEY,
                      SCHEDULED_ITEM.ENVIRONMENT,
                      SCHEDULED_ITEM.VALUE,
                      SCHEDULED_ITEM.SEALED,
                      SCHEDULED_ITEM.KEK_ID,
                      SCHEDULED_ITEM.KEK_VERSION,
                      SCHEDULED_ITEM.WRAPPED_DEK)
                  .from(SCHEDULED_ITEM)
                  .where(SCHEDULED_ITEM.TENANT_ID.eq(SCHEDULED_CHANGE.TENANT_ID))
                  .and(SCHEDULED_ITEM.SCHEDULED_ID.eq(SCHEDULED_CHANGE.SCHEDULED_ID))
                  .orderBy(SCHEDULED_ITEM.ORDINAL))
          .convertFrom(
              found ->
                  found.map(
                      each ->
                          new Planned(
                              new Item(each.value1(), each.value2()),
                              each.value3(),
                              StoredSecret.of(
                                  each.value4(), each.value5(), each.value6(), each.value7()))));

  void insert(DSLContext db, Space space, Scheduled change) {
    db.insertInto(SCHEDULED_CHANGE)
        .set(SCHEDULED_CHANGE.TENANT_ID, change.tenantId())
        .set(SCHEDULED_CHANGE.SCHEDULED_ID, change.id())
        .set(SCHEDULED_CHANGE.SPACE, space.name())
        .set(SCHEDULED_CHANGE.APPLY_AT, change.applyAt().atOffset(ZoneOffset.UTC))
        .set(SCHEDULED_CHANGE.REASON, change.reason())
        .set(SCHEDULED_CHANGE.STATE, change.state().name())
        .set(SCHEDULED_CHANGE.REVISION, change.revision())
        .set(SCHEDULED_CHANGE.FAILURE, change.failure())
        .set(SCHEDULED_CHANGE.SCHEDULED_BY, change.scheduledBy())
        .set(SCHEDULED_CHANGE.CREDENTIAL_ID, change.credentialId())
        .set(SCHEDULED_CHANGE.CREATED_AT, CLOCK)
        .execute();
    insertItems(db, change);
  }

  private static void insertItems(DSLContext db, Scheduled change) {
    var table = SCHEDULED_ITEM;
    var insert =
        db.insertInto(
            table,
            table.TENANT_ID,
            table.SCHEDULED_ID,
            table.ORDINAL,
            table.ITEM_KEY,
            table.ENVIRONMENT,
            table.VALUE,
            table.SEALED,
            table.KEK_ID,
            table.KEK_VERSION,
            table.WRAPPED_DEK);
    var ordinal = 0;
    for (var planned : change.items()) {
      var sealed = planned.sealed();
      var key = sealed == null ? null : sealed.key();
      insert =
          insert.values(
              change.tenantId(),
              change.id(),
              ordinal++,
              planned.item().key(),
              planned.item().environment(),
              planned.text(),
              sealed == null ? null : sealed.ciphertext(),
              key == null ? null : key.keyId(),
              key == null ? null : key.version(),
              key == null ? null : key.bytes());
    }
    insert.execute();
  }

  Optional<Scheduled> find(DSLContext db, Space space, UUID tenantId, UUID id) {
    return fetch(db, of(space).and(SCHEDULED_CHANGE.TENANT_ID.eq(tenantId)).and(is(id)), 1).stream()
        .findFirst();
  }

  /// Locked until the transaction ends.
  Optional<State> lock(DSLContext db, Space space, UUID tenantId, UUID id) {
    return db.select(SCHEDULED_CHANGE.STATE)
        .from(SCHEDULED_CHANGE)
        .where(of(space))
        .and(SCHEDULED_CHANGE.TENANT_ID.eq(tenantId))
        .and(is(id))
        .forUpdate()
        .fetchOptional(found -> State.valueOf(found.value1()));
  }

  /// The newest first.
  List<Scheduled> list(
      DSLContext db, Space space, UUID tenantId, boolean pending, @Nullable UUID after, int limit) {
    return fetch(
        db,
        of(space)
            .and(SCHEDULED_CHANGE.TENANT_ID.eq(tenantId))
            .and(pending ? SCHEDULED_CHANGE.STATE.eq(State.PENDING.name()) : noCondition())
            .and(after == null ? noCondition() : SCHEDULED_CHANGE.SCHEDULED_ID.lt(after)),
        limit);
  }

  /// One that is due and that nobody else works on, of any tenant. Locked until the transaction
  /// ends.
  Optional<Scheduled> claim(DSLContext db, Space space) {
    var due =
        db.select(SCHEDULED_CHANGE.TENANT_ID, SCHEDULED_CHANGE.SCHEDULED_ID)
            .from(SCHEDULED_CHANGE)
            .where(of(space))
            .and(SCHEDULED_CHANGE.STATE.eq(State.PENDING.name()))
            .and(SCHEDULED_CHANGE.APPLY_AT.le(CLOCK))
            .orderBy(SCHEDULED_CHANGE.APPLY_AT, SCHEDULED_CHANGE.SCHEDULED_ID)
            .limit(1)
            .forUpdate()
            .skipLocked()
            .fetchOptional();
    return due.flatMap(found -> find(db, space, found.value1(), found.value2()));
  }

  void end(DSLContext db, UUID tenantId, UUID id, State state, long revision, String failure) {
    db.update(SCHEDULED_CHANGE)
        .set(SCHEDULED_CHANGE.STATE, state.name())
        .set(SCHEDULED_CHANGE.REVISION, revision)
        .set(SCHEDULED_CHANGE.FAILURE, failure)
        .where(SCHEDULED_CHANGE.TENANT_ID.eq(tenantId))
        .and(is(id))
        .execute();
  }

  private static List<Scheduled> fetch(DSLContext db, Condition condition, int limit) {
    return db.select(SCHEDULED_CHANGE.fields())
        .select(ITEMS)
        .from(SCHEDULED_CHANGE)
        .where(condition)
        .orderBy(SCHEDULED_CHANGE.SCHEDULED_ID.desc())
        .limit(limit)
        .fetch(ScheduleStore::scheduled);
  }

  private static Condition of(Space space) {
    return SCHEDULED_CHANGE.SPACE.eq(space.name());
  }

  private static Condition is(UUID id) {
    return SCHEDULED_CHANGE.SCHEDULED_ID.eq(id);
  }

  private static Scheduled scheduled(Record found) {
    return new Scheduled(
        found.get(SCHEDULED_CHANGE.TENANT_ID),
        found.get(SCHEDULED_CHANGE.SCHEDULED_ID),
        found.get(SCHEDULED_CHANGE.APPLY_AT).toInstant(),
        found.get(SCHEDULED_CHANGE.REASON),
        State.valueOf(found.get(SCHEDULED_CHANGE.STATE)),
        found.get(SCHEDULED_CHANGE.REVISION),
        found.get(SCHEDULED_CHANGE.FAILURE),
        found.get(SCHEDULED_CHANGE.SCHEDULED_BY),
        found.get(SCHEDULED_CHANGE.CREDENTIAL_ID),
        found.get(SCHEDULED_CHANGE.CREATED_AT).toInstant(),
        found.get(ITEMS));
  }
}
