package dev.agentserver.file.blob;

import static dev.agentserver.file.db.Tables.BLOB;
import static dev.agentserver.file.db.Tables.FILE;
import static dev.agentserver.file.db.Tables.UPLOAD;
import static dev.agentserver.file.db.Tables.UPLOAD_PART;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;

import dev.agentserver.file.object.UploadedPart;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of uploads over several requests, and of their parts. A blob is locked before its
/// upload.
public final class ResumableStore {
  private static final dev.agentserver.file.db.tables.Blob TAIL = BLOB.as("tail");
  private static final Field<Integer> PARTS =
      coalesce(
          field(
              select(max(UPLOAD_PART.NUMBER))
                  .from(UPLOAD_PART)
                  .where(UPLOAD_PART.TENANT_ID.eq(UPLOAD.TENANT_ID))
                  .and(UPLOAD_PART.BLOB_ID.eq(UPLOAD.BLOB_ID))),
          DSL.val(0));

  /// The bytes of a new blob will arrive over several requests.
  public void insert(
      DSLContext db,
      Blob blob,
      UUID ownerId,
      @Nullable Long length,
      String metadata,
      Duration validity) {
    db.insertInto(UPLOAD)
        .set(UPLOAD.TENANT_ID, blob.tenantId())
        .set(UPLOAD.BLOB_ID, blob.id())
        .set(UPLOAD.OWNER_ID, ownerId)
        .set(UPLOAD.LENGTH, length)
        .set(UPLOAD.RECEIVED, 0L)
        .set(UPLOAD.EPOCH, 0)
        .set(UPLOAD.METADATA, metadata)
        .set(UPLOAD.EXPIRES_AT, clock().plus(DayToSecond.valueOf(validity)))
        .execute();
  }

  /// The upload of a file of this owner, unless its time is over.
  public Optional<Resumable> find(DSLContext db, UUID tenantId, UUID ownerId, UUID fileId) {
    return db.select(BLOB.fields())
        .select(TAIL.fields())
        .select(UPLOAD.fields())
        .select(PARTS)
        .from(FILE)
        .join(UPLOAD)
        .on(UPLOAD.TENANT_ID.eq(FILE.TENANT_ID))
        .and(UPLOAD.BLOB_ID.eq(FILE.BLOB_ID))
        .join(BLOB)
        .on(BLOB.TENANT_ID.eq(UPLOAD.TENANT_ID))
        .and(BLOB.BLOB_ID.eq(UPLOAD.BLOB_ID))
        .leftJoin(TAIL)
        .on(TAIL.TENANT_ID.eq(UPLOAD.TENANT_ID))
        .and(TAIL.BLOB_ID.eq(UPLOAD.TAIL_ID))
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(fileId))
        .and(UPLOAD.OWNER_ID.eq(ownerId))
        .and(UPLOAD.EXPIRES_AT.gt(clock()))
        .fetchOptional(ResumableStore::resumable);
  }

  /// Whoever continued it so far may not any more.
  public void take(DSLContext db, Blob blob) {
    db.update(UPLOAD).set(UPLOAD.EPOCH, UPLOAD.EPOCH.plus(1)).where(is(blob)).execute();
  }

  /// How many bytes there will be is known now.
  public void announce(DSLContext db, Blob blob, long length) {
    db.update(UPLOAD).set(UPLOAD.LENGTH, length).where(is(blob)).execute();
  }

  /// Says what is kept; false where another request has taken the upload over.
  ///
  /// @param tailId the object of what is behind the last part; null: nothing is
  public boolean keep(
      DSLContext db, Resumable upload, long received, @Nullable UUID tailId, Duration validity) {
    return db.update(UPLOAD)
            .set(UPLOAD.RECEIVED, received)
            .set(UPLOAD.TAIL_ID, tailId)
            .set(UPLOAD.EXPIRES_AT, clock().plus(DayToSecond.valueOf(validity)))
            .where(is(upload.blob()))
            .and(UPLOAD.EPOCH.eq(upload.epoch()))
            .execute()
        == 1;
  }

  /// Whether no other request has taken the upload over; it cannot until the transaction is over.
  public boolean isCurrent(DSLContext db, Resumable upload) {
    return db.select(UPLOAD.BLOB_ID)
        .from(UPLOAD)
        .where(is(upload.blob()))
        .and(UPLOAD.EPOCH.eq(upload.epoch()))
        .forUpdate()
        .fetchOptional()
        .isPresent();
  }

  public void addParts(DSLContext db, Blob blob, List<UploadedPart> parts) {
    db.batch(
            parts.stream()
                .map(
                    part ->
                        db.insertInto(UPLOAD_PART)
                            .set(UPLOAD_PART.TENANT_ID, blob.tenantId())
                            .set(UPLOAD_PART.BLOB_ID, blob.id())
                            .set(UPLOAD_PART.NUMBER, part.number())
                            .set(UPLOAD_PART.ETAG, part.etag())
                            .set(UPLOAD_PART.LENGTH, part.length()))
                .toList())
        .execute();
  }

  /// All parts that the store has.
  public List<UploadedPart> parts(DSLContext db, Blob blob) {
    return db.select(UPLOAD_PART.NUMBER, UPLOAD_PART.ETAG, UPLOAD_PART.LENGTH)
        .from(UPLOAD_PART)
        .where(UPLOAD_PART.TENANT_ID.eq(blob.tenantId()))
        .and(UPLOAD_PART.BLOB_ID.eq(blob.id()))
        .orderBy(UPLOAD_PART.NUMBER)
        .fetch(found -> new UploadedPart(found.value1(), found.value2(), found.value3()));
  }

  /// The upload is over; returns its tail, where it has one.
  Optional<UUID> remove(DSLContext db, UUID tenantId, UUID blobId) {
    return db.deleteFrom(UPLOAD)
        .where(UPLOAD.TENANT_ID.eq(tenantId))
        .and(UPLOAD.BLOB_ID.eq(blobId))
        .returningResult(UPLOAD.TAIL_ID)
        .fetchOptional(UPLOAD.TAIL_ID);
  }

  private static Condition is(Blob blob) {
    return UPLOAD.TENANT_ID.eq(blob.tenantId()).and(UPLOAD.BLOB_ID.eq(blob.id()));
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }

  private static Resumable resumable(Record found) {
    return new Resumable(
        BlobStore.blob(found, BLOB),
        found.get(UPLOAD.LENGTH),
        found.get(UPLOAD.RECEIVED),
        found.get(TAIL.BLOB_ID) == null ? null : BlobStore.blob(found, TAIL),
        found.get(PARTS),
        found.get(UPLOAD.EPOCH),
        found.get(UPLOAD.METADATA),
        found.get(UPLOAD.EXPIRES_AT).toInstant());
  }
}
