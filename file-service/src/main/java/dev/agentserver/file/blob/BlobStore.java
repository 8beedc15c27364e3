package dev.agentserver.file.blob;

import static dev.agentserver.file.db.Tables.BLOB;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import dev.agentserver.file.blob.Blob.State;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record5;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of objects.
public final class BlobStore {
  private static final List<SelectField<?>> COLUMNS =
      List.of(BLOB.TENANT_ID, BLOB.BLOB_ID, BLOB.OBJECT_KEY, BLOB.STATE, BLOB.SIZE);

  /// The row comes before the object.
  void insert(DSLContext db, UUID tenantId, UUID id, String bucket, String key, Duration lease) {
    db.insertInto(BLOB)
        .set(BLOB.TENANT_ID, tenantId)
        .set(BLOB.BLOB_ID, id)
        .set(BLOB.BUCKET, bucket)
        .set(BLOB.OBJECT_KEY, key)
        .set(BLOB.STATE, State.WRITING.name())
        .set(BLOB.SIZE, 0L)
        .set(BLOB.REF_COUNT, 0)
        .set(BLOB.CREATED_AT, clock())
        .set(BLOB.EXPIRES_AT, clock().plus(DayToSecond.valueOf(lease)))
        .execute();
  }

  /// The upload is alive; false where it is over.
  boolean renew(DSLContext db, UUID tenantId, UUID id, Duration lease) {
    return db.update(BLOB)
            .set(BLOB.EXPIRES_AT, clock().plus(DayToSecond.valueOf(lease)))
            .where(is(tenantId, id))
            .and(BLOB.STATE.eq(State.WRITING.name()))
            .execute()
        == 1;
  }

  /// Locks the row of an upload that is alive.
  boolean lockWriting(DSLContext db, UUID tenantId, UUID id) {
    return db.select(BLOB.BLOB_ID)
        .from(BLOB)
        .where(is(tenantId, id))
        .and(BLOB.STATE.eq(State.WRITING.name()))
        .forUpdate()
        .fetchOptional()
        .isPresent();
  }

  /// Counts one file more for the bytes that are there already.
  Optional<UUID> share(DSLContext db, UUID tenantId, String sha256) {
    return db.update(BLOB)
        .set(BLOB.REF_COUNT, BLOB.REF_COUNT.plus(1))
        .where(BLOB.TENANT_ID.eq(tenantId))
        .and(BLOB.SHA256.eq(sha256))
        .and(BLOB.STATE.eq(State.READY.name()))
        .returningResult(BLOB.BLOB_ID)
        .fetchOptional(BLOB.BLOB_ID);
  }

  void ready(DSLContext db, UUID tenantId, UUID id, long size, String sha256) {
    db.update(BLOB)
        .set(BLOB.STATE, State.READY.name())
        .set(BLOB.SIZE, size)
        .set(BLOB.SHA256, sha256)
        .set(BLOB.REF_COUNT, 1)
        .where(is(tenantId, id))
        .execute();
  }

  void deleting(DSLContext db, UUID tenantId, UUID id) {
    db.update(BLOB)
        .set(BLOB.STATE, State.DELETING.name())
        .set(BLOB.REF_COUNT, 0)
        .where(is(tenantId, id))
        .execute();
  }

  /// Counts one file less; the blob as it is then, locked.
  Blob release(DSLContext db, UUID tenantId, UUID id) {
    var last = BLOB.REF_COUNT.le(1);
    return db.update(BLOB)
        .set(BLOB.REF_COUNT, BLOB.REF_COUNT.minus(1))
        .set(BLOB.STATE, DSL.when(last, State.DELETING.name()).otherwise(BLOB.STATE))
        .where(is(tenantId, id))
        .returningResult(BLOB.TENANT_ID, BLOB.BLOB_ID, BLOB.OBJECT_KEY, BLOB.STATE, BLOB.SIZE)
        .fetchSingle(BlobStore::blob);
  }

  /// Locks up to `limit` uploads that nobody continues; others may be at work on others.
  ///
  /// @param tenantId null: of all tenants
  public List<Blob> lockAbandoned(DSLContext db, @Nullable UUID tenantId, int limit) {
    return db.select(COLUMNS)
        .from(BLOB)
        .where(tenant(tenantId))
        .and(BLOB.STATE.eq(State.WRITING.name()))
        .and(BLOB.EXPIRES_AT.lt(clock()))
        .orderBy(BLOB.TENANT_ID, BLOB.BLOB_ID)
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .fetch(BlobStore::any);
  }

  /// Up to `limit` blobs that nobody has any more.
  ///
  /// @param tenantId null: of all tenants
  /// @param after the last of the page before; null: from the beginning
  public List<Blob> unwanted(
      DSLContext db, @Nullable UUID tenantId, @Nullable Blob after, int limit) {
    return db.select(COLUMNS)
        .from(BLOB)
        .where(BLOB.STATE.eq(State.DELETING.name()))
        .and(tenant(tenantId))
        .and(
            after == null
                ? noCondition()
                : row(BLOB.TENANT_ID, BLOB.BLOB_ID).gt(row(after.tenantId(), after.id())))
        .orderBy(BLOB.TENANT_ID, BLOB.BLOB_ID)
        .limit(limit)
        .fetch(BlobStore::any);
  }

  /// The keys among these whose objects are READY or are being written.
  ///
  /// @param expired whether an upload counts that nobody continues: until its row says otherwise,
  /// it may still end well
  public Set<String> wanted(DSLContext db, Collection<String> keys, boolean expired) {
    var writing = BLOB.STATE.eq(State.WRITING.name());
    return db.select(BLOB.OBJECT_KEY)
        .from(BLOB)
        .where(BLOB.OBJECT_KEY.in(keys))
        .and(
            BLOB.STATE
                .eq(State.READY.name())
                .or(expired ? writing : writing.and(BLOB.EXPIRES_AT.ge(clock()))))
        .fetchSet(BLOB.OBJECT_KEY);
  }

  void remove(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(BLOB).where(is(tenantId, id)).and(BLOB.STATE.eq(State.DELETING.name())).execute();
  }

  private static Condition is(UUID tenantId, UUID id) {
    return BLOB.TENANT_ID.eq(tenantId).and(BLOB.BLOB_ID.eq(id));
  }

  private static Condition tenant(@Nullable UUID tenantId) {
    return tenantId == null ? noCondition() : BLOB.TENANT_ID.eq(tenantId);
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }

  private static Blob any(Record found) {
    return new Blob(
        found.get(BLOB.TENANT_ID),
        found.get(BLOB.BLOB_ID),
        found.get(BLOB.OBJECT_KEY),
        State.valueOf(found.get(BLOB.STATE)),
        found.get(BLOB.SIZE));
  }

  private static Blob blob(Record5<UUID, UUID, String, String, Long> found) {
    return any(found);
  }
}
