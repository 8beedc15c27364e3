package dev.agentserver.file.blob;

import static dev.agentserver.file.db.Tables.BLOB;
import static dev.agentserver.file.db.Tables.FILE;
import static dev.agentserver.file.db.Tables.UPLOAD;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.file.blob.Blob.State;
import dev.agentserver.file.object.Digest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of objects.
public final class BlobStore {
  private static final List<SelectField<?>> COLUMNS =
      List.of(
          BLOB.TENANT_ID, BLOB.BLOB_ID, BLOB.OBJECT_KEY, BLOB.STATE, BLOB.SIZE, BLOB.MULTIPART_ID);

  /// The row comes before the object.
  ///
  /// @param announced what the bytes will be; nothing, and of no length, where that was not said
  void insert(DSLContext db, Blob blob, String bucket, Digest announced, Duration lease) {
    db.insertInto(BLOB)
        .set(BLOB.TENANT_ID, blob.tenantId())
        .set(BLOB.BLOB_ID, blob.id())
        .set(BLOB.BUCKET, bucket)
        .set(BLOB.OBJECT_KEY, blob.key())
        .set(BLOB.STATE, State.WRITING.name())
        .set(BLOB.SIZE, announced.length())
        .set(BLOB.SHA256, announced.sha256().isEmpty() ? null : announced.sha256())
        .set(BLOB.REF_COUNT, 0)
        .set(BLOB.CREATED_AT, clock())
        .set(BLOB.EXPIRES_AT, clock().plus(DayToSecond.valueOf(lease)))
        .execute();
  }

  /// The upload is alive; false where it is over.
  boolean renew(DSLContext db, UUID tenantId, UUID id, Duration lease) {
    return db.update(BLOB)
            .set(
                BLOB.EXPIRES_AT,
                greatest(BLOB.EXPIRES_AT, clock().plus(DayToSecond.valueOf(lease))))
            .where(is(tenantId, id))
            .and(BLOB.STATE.eq(State.WRITING.name()))
            .execute()
        == 1;
  }

  /// What was announced of an upload that is alive.
  Optional<Announced> announced(DSLContext db, UUID tenantId, UUID id) {
    return db.select(COLUMNS)
        .select(BLOB.SHA256)
        .from(BLOB)
        .where(is(tenantId, id))
        .and(BLOB.STATE.eq(State.WRITING.name()))
        .fetchOptional(
            found ->
                new Announced(blob(found), Objects.requireNonNullElse(found.get(BLOB.SHA256), "")));
  }

  /// How many bytes were announced of uploads that are alive: the owner's, and all of the tenant's.
  Reserved reserved(DSLContext db, UUID tenantId, UUID ownerId) {
    var own = DSL.sum(BLOB.SIZE).filterWhere(FILE.OWNER_ID.eq(ownerId));
    return db.select(coalesce(own, BigDecimal.ZERO), coalesce(DSL.sum(BLOB.SIZE), BigDecimal.ZERO))
        .from(BLOB)
        .join(FILE)
        .on(FILE.TENANT_ID.eq(BLOB.TENANT_ID))
        .and(FILE.BLOB_ID.eq(BLOB.BLOB_ID))
        .where(BLOB.TENANT_ID.eq(tenantId))
        .and(BLOB.STATE.eq(State.WRITING.name()))
        .fetchSingle(found -> new Reserved(found.value1().longValue(), found.value2().longValue()));
  }

  /// Bytes that are to come.
  record Reserved(long bytes, long tenantBytes) {}

  /// How many bytes it has, or will have; false where its upload is over.
  boolean announce(DSLContext db, UUID tenantId, UUID id, long size) {
    return db.update(BLOB)
            .set(BLOB.SIZE, size)
            .where(is(tenantId, id))
            .and(BLOB.STATE.eq(State.WRITING.name()))
            .execute()
        == 1;
  }

  /// Its parts arrive by this upload of the store; false where it is over.
  boolean inParts(DSLContext db, UUID tenantId, UUID id, String multipart) {
    return db.update(BLOB)
            .set(BLOB.MULTIPART_ID, multipart)
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
        .setNull(BLOB.MULTIPART_ID)
        .where(is(tenantId, id))
        .execute();
  }

  Optional<Blob> deleting(DSLContext db, UUID tenantId, UUID id) {
    return db.update(BLOB)
        .set(BLOB.STATE, State.DELETING.name())
        .set(BLOB.REF_COUNT, 0)
        .where(is(tenantId, id))
        .returningResult(COLUMNS)
        .fetchOptional(BlobStore::blob);
  }

  /// Counts one file less; the blob as it is then, locked.
  Blob release(DSLContext db, UUID tenantId, UUID id) {
    var last = BLOB.REF_COUNT.le(1);
    return db.update(BLOB)
        .set(BLOB.REF_COUNT, BLOB.REF_COUNT.minus(1))
        .set(BLOB.STATE, DSL.when(last, State.DELETING.name()).otherwise(BLOB.STATE))
        .where(is(tenantId, id))
        .returningResult(COLUMNS)
        .fetchSingle(BlobStore::blob);
  }

  /// Locks up to `limit` uploads that nobody continues; others may be at work on others. The tail
  /// of an upload goes with it, not before.
  ///
  /// @param tenantId null: of all tenants
  public List<Blob> lockAbandoned(DSLContext db, @Nullable UUID tenantId, int limit) {
    return db.select(COLUMNS)
        .from(BLOB)
        .where(tenant(tenantId))
        .and(BLOB.STATE.eq(State.WRITING.name()))
        .and(BLOB.EXPIRES_AT.lt(clock()))
        .andNotExists(
            selectOne()
                .from(UPLOAD)
                .where(UPLOAD.TENANT_ID.eq(BLOB.TENANT_ID))
                .and(UPLOAD.TAIL_ID.eq(BLOB.BLOB_ID)))
        .orderBy(BLOB.TENANT_ID, BLOB.BLOB_ID)
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .fetch(BlobStore::blob);
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
        .fetch(BlobStore::blob);
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

  /// The keys among these that are being written.
  public Set<String> writing(DSLContext db, Collection<String> keys) {
    return db.select(BLOB.OBJECT_KEY)
        .from(BLOB)
        .where(BLOB.OBJECT_KEY.in(keys))
        .and(BLOB.STATE.eq(State.WRITING.name()))
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

  private static Blob blob(Record found) {
    return blob(found, BLOB);
  }

  /// @param row the table, or an alias of it
  static Blob blob(Record found, dev.agentserver.file.db.tables.Blob row) {
    return new Blob(
        found.get(row.TENANT_ID),
        found.get(row.BLOB_ID),
        found.get(row.OBJECT_KEY),
        State.valueOf(found.get(row.STATE)),
        found.get(row.SIZE),
        found.get(row.MULTIPART_ID));
  }
}
