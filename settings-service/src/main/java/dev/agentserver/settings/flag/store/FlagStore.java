package dev.agentserver.settings.flag.store;

import static dev.agentserver.settings.db.Tables.FLAG;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.settings.history.Item;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Record6;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of flags.
public final class FlagStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  /// The tenant whose flags lie beneath those of every other.
  public Optional<UUID> platform(DSLContext db) {
    return db.select(ORGANIZATION.TENANT_ID)
        .from(ORGANIZATION)
        .where(ORGANIZATION.PLATFORM)
        .limit(1)
        .fetchOptional(Record1::value1);
  }

  public Optional<StoredFlag> find(DSLContext db, UUID tenantId, Item item) {
    return rows(db).where(is(tenantId, item)).fetchOptional(FlagStore::flag);
  }

  /// Everything of a tenant, the shared rules too. A tenant has no more than
  /// [dev.agentserver.settings.flag.manage.FlagLimits] says.
  public List<StoredFlag> all(DSLContext db, UUID tenantId) {
    return rows(db).where(FLAG.TENANT_ID.eq(tenantId)).fetch(FlagStore::flag);
  }

  /// By key and environment.
  ///
  /// @param environment null: every one
  public List<StoredFlag> list(
      DSLContext db,
      UUID tenantId,
      @Nullable String environment,
      String keyPrefix,
      @Nullable Item after,
      int limit) {
    return rows(db)
        .where(FLAG.TENANT_ID.eq(tenantId))
        .and(FLAG.KEY.ne(StoredFlag.EVALUATORS))
        .and(environment == null ? noCondition() : FLAG.ENVIRONMENT.eq(environment))
        .and(FLAG.KEY.startsWith(keyPrefix))
        .and(
            after == null
                ? noCondition()
                : row(FLAG.KEY, FLAG.ENVIRONMENT).gt(val(after.key()), val(after.environment())))
        .orderBy(FLAG.KEY, FLAG.ENVIRONMENT)
        .limit(limit)
        .fetch(FlagStore::flag);
  }

  /// Makes it what the document says.
  public StoredFlag put(
      DSLContext db, UUID tenantId, Item item, FlagDocument document, long revision) {
    var text = document.print();
    db.insertInto(FLAG)
        .set(FLAG.TENANT_ID, tenantId)
        .set(FLAG.KEY, item.key())
        .set(FLAG.ENVIRONMENT, item.environment())
        .set(FLAG.DOCUMENT, text)
        .set(FLAG.REVISION, revision)
        .set(FLAG.CREATED_AT, CLOCK)
        .set(FLAG.UPDATED_AT, CLOCK)
        .onConflict(FLAG.TENANT_ID, FLAG.KEY, FLAG.ENVIRONMENT)
        .doUpdate()
        .set(FLAG.DOCUMENT, text)
        .set(FLAG.REVISION, revision)
        .set(FLAG.UPDATED_AT, CLOCK)
        .execute();
    return find(db, tenantId, item).orElseThrow();
  }

  public void delete(DSLContext db, UUID tenantId, Item item) {
    db.deleteFrom(FLAG).where(is(tenantId, item)).execute();
  }

  private static SelectJoinStep<
          Record6<String, String, String, Long, OffsetDateTime, OffsetDateTime>>
      rows(DSLContext db) {
    return db.select(
            FLAG.KEY,
            FLAG.ENVIRONMENT,
            FLAG.DOCUMENT,
            FLAG.REVISION,
            FLAG.CREATED_AT,
            FLAG.UPDATED_AT)
        .from(FLAG);
  }

  private static Condition is(UUID tenantId, Item item) {
    return FLAG.TENANT_ID
        .eq(tenantId)
        .and(FLAG.KEY.eq(item.key()))
        .and(FLAG.ENVIRONMENT.eq(item.environment()));
  }

  private static StoredFlag flag(
      Record6<String, String, String, Long, OffsetDateTime, OffsetDateTime> found) {
    return new StoredFlag(
        new Item(found.value1(), found.value2()),
        FlagDocument.parse(found.value3()),
        found.value4(),
        found.value5().toInstant(),
        found.value6().toInstant());
  }
}
