package dev.agentserver.file.file;

import static dev.agentserver.file.db.Tables.BLOB;
import static dev.agentserver.file.db.Tables.FILE;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of files.
public final class FileStore {
  private static final List<SelectField<?>> COLUMNS =
      List.of(
          FILE.TENANT_ID,
          FILE.FILE_ID,
          FILE.OWNER_ID,
          FILE.FILENAME,
          FILE.CONTENT_TYPE,
          FILE.MEDIA_TYPE,
          FILE.PURPOSE,
          FILE.STATE,
          FILE.VERSION,
          FILE.CREATED_AT,
          FILE.UPDATED_AT,
          BLOB.BUCKET,
          BLOB.OBJECT_KEY,
          BLOB.SIZE,
          BLOB.SHA256);

  /// The sort key of a row: what a page token holds.
  public record Position(Instant createdAt, UUID id) {}

  /// Who may touch a file: its owner, or whoever may touch any of the tenant's.
  private static Condition of(Caller caller, String permission) {
    return FILE.TENANT_ID
        .eq(caller.tenantId())
        .and(caller.mayAny(permission) ? noCondition() : FILE.OWNER_ID.eq(caller.principalId()));
  }

  /// A file of the caller's, or any where the permission lifts the filter.
  public Optional<StoredFile> find(DSLContext db, Caller caller, String permission, UUID id) {
    return read(db, of(caller, permission).and(FILE.FILE_ID.eq(id)).and(live()));
  }

  /// The file, whoever asks.
  public Optional<StoredFile> find(DSLContext db, UUID tenantId, UUID id) {
    return read(db, FILE.TENANT_ID.eq(tenantId).and(FILE.FILE_ID.eq(id)).and(live()));
  }

  /// Those of the files that there are, whoever asks.
  public List<StoredFile> find(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    return select(db, FILE.TENANT_ID.eq(tenantId).and(FILE.FILE_ID.in(ids)).and(live()))
        .fetch(FileStore::file);
  }

  private static Optional<StoredFile> read(DSLContext db, Condition which) {
    return select(db, which).fetchOptional(FileStore::file);
  }

  private static ResultQuery<Record> select(DSLContext db, Condition which) {
    return db.select(COLUMNS)
        .from(FILE)
        .leftJoin(BLOB)
        .on(BLOB.TENANT_ID.eq(FILE.TENANT_ID))
        .and(BLOB.BLOB_ID.eq(FILE.BLOB_ID))
        .where(which);
  }

  /// A locked row.
  public record Locked(UUID ownerId, FileState state, @Nullable UUID blobId, long version) {
    public String etag() {
      return Long.toString(version);
    }
  }

  /// Locks a file until the transaction ends, deleted ones too.
  public Optional<Locked> lock(DSLContext db, UUID tenantId, UUID id) {
    return db.select(FILE.OWNER_ID, FILE.STATE, FILE.BLOB_ID, FILE.VERSION)
        .from(FILE)
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(id))
        .forUpdate()
        .fetchOptional(
            found ->
                new Locked(
                    found.value1(),
                    FileState.valueOf(found.value2()),
                    found.value3(),
                    found.value4()));
  }

  /// The caller's files, the newest first.
  ///
  /// @param after the last row of the page before; null: from the top
  public List<StoredFile> list(
      DSLContext db,
      Caller caller,
      @Nullable Purpose purpose,
      @Nullable Position after,
      int limit) {
    return db.select(COLUMNS)
        .from(FILE)
        .leftJoin(BLOB)
        .on(BLOB.TENANT_ID.eq(FILE.TENANT_ID))
        .and(BLOB.BLOB_ID.eq(FILE.BLOB_ID))
        .where(FILE.TENANT_ID.eq(caller.tenantId()))
        .and(FILE.OWNER_ID.eq(caller.principalId()))
        .and(live())
        .and(purpose == null ? noCondition() : FILE.PURPOSE.eq(purpose.name()))
        .and(
            after == null
                ? noCondition()
                : row(FILE.CREATED_AT, FILE.FILE_ID)
                    .lt(row(val(after.createdAt().atOffset(ZoneOffset.UTC)), val(after.id()))))
        .orderBy(FILE.CREATED_AT.desc(), FILE.FILE_ID.desc())
        .limit(limit)
        .fetch(FileStore::file);
  }

  /// Up to `limit` files of a tenant, or of one of its users, that are not deleted.
  public List<UUID> some(DSLContext db, UUID tenantId, @Nullable UUID ownerId, int limit) {
    return db.select(FILE.FILE_ID)
        .from(FILE)
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(ownerId == null ? noCondition() : FILE.OWNER_ID.eq(ownerId))
        .and(live())
        .limit(limit)
        .fetch(FILE.FILE_ID);
  }

  /// A file whose bytes are about to arrive.
  public void insert(
      DSLContext db, UUID tenantId, UUID id, UUID ownerId, NewFile file, UUID blobId) {
    db.insertInto(FILE)
        .set(FILE.TENANT_ID, tenantId)
        .set(FILE.FILE_ID, id)
        .set(FILE.OWNER_ID, ownerId)
        .set(FILE.FILENAME, file.filename())
        .set(FILE.CONTENT_TYPE, file.contentType())
        .set(FILE.MEDIA_TYPE, MediaType.UNKNOWN)
        .set(FILE.PURPOSE, file.purpose().name())
        .set(FILE.STATE, FileState.PENDING.name())
        .set(FILE.BLOB_ID, blobId)
        .set(FILE.VERSION, 1L)
        .set(FILE.CREATED_AT, clock())
        .set(FILE.UPDATED_AT, clock())
        .execute();
  }

  /// The upload begins anew, with bytes of its own.
  public void restart(DSLContext db, UUID tenantId, UUID id, NewFile file, UUID blobId) {
    db.update(FILE)
        .set(FILE.FILENAME, file.filename())
        .set(FILE.CONTENT_TYPE, file.contentType())
        .set(FILE.PURPOSE, file.purpose().name())
        .set(FILE.STATE, FileState.PENDING.name())
        .set(FILE.BLOB_ID, blobId)
        .set(FILE.VERSION, FILE.VERSION.plus(1))
        .set(FILE.UPDATED_AT, clock())
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(id))
        .execute();
  }

  /// @param blobId the bytes that it has from now on; null: none
  public void move(DSLContext db, UUID tenantId, UUID id, FileState state, @Nullable UUID blobId) {
    db.update(FILE)
        .set(FILE.STATE, state.name())
        .set(FILE.BLOB_ID, blobId)
        .set(FILE.VERSION, FILE.VERSION.plus(1))
        .set(FILE.UPDATED_AT, clock())
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(id))
        .execute();
  }

  /// It can be read.
  public void ready(DSLContext db, UUID tenantId, UUID id, UUID blobId, String mediaType) {
    db.update(FILE)
        .set(FILE.MEDIA_TYPE, mediaType)
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(id))
        .execute();
    move(db, tenantId, id, FileState.READY, blobId);
  }

  public void rename(DSLContext db, UUID tenantId, UUID id, String filename) {
    db.update(FILE)
        .set(FILE.FILENAME, filename)
        .set(FILE.VERSION, FILE.VERSION.plus(1))
        .set(FILE.UPDATED_AT, clock())
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(id))
        .execute();
  }

  /// Up to `limit` files that nobody uses any more.
  ///
  /// @param tenantId null: of all tenants
  public List<Released> released(DSLContext db, @Nullable UUID tenantId, int limit) {
    return db.select(FILE.TENANT_ID, FILE.FILE_ID)
        .from(FILE)
        .where(FILE.RELEASED_AT.isNotNull())
        .and(tenantId == null ? noCondition() : FILE.TENANT_ID.eq(tenantId))
        .and(live())
        .orderBy(FILE.TENANT_ID, FILE.FILE_ID)
        .limit(limit)
        .fetch(found -> new Released(found.value1(), found.value2()));
  }

  /// A file that its last conversation left behind.
  public record Released(UUID tenantId, UUID id) {}

  /// Removes up to `limit` files that were deleted so long ago.
  public int purge(DSLContext db, Duration after, int limit) {
    var which =
        DSL.select(FILE.TENANT_ID, FILE.FILE_ID)
            .from(FILE)
            .where(FILE.STATE.eq(FileState.DELETED.name()))
            .and(FILE.UPDATED_AT.lt(clock().minus(DayToSecond.valueOf(after))))
            .limit(limit);
    return db.deleteFrom(FILE).where(row(FILE.TENANT_ID, FILE.FILE_ID).in(which)).execute();
  }

  /// Removes a file whose bytes are those of an upload that broke off.
  public void removeOf(DSLContext db, UUID tenantId, UUID blobId) {
    db.deleteFrom(FILE)
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.BLOB_ID.eq(blobId))
        .and(FILE.STATE.in(FileState.PENDING.name(), FileState.SCANNING.name()))
        .execute();
  }

  private static Condition live() {
    return FILE.STATE.ne(FileState.DELETED.name());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }

  private static StoredFile file(Record found) {
    var state = FileState.valueOf(found.get(FILE.STATE));
    return new StoredFile(
        found.get(FILE.TENANT_ID),
        found.get(FILE.FILE_ID),
        found.get(FILE.OWNER_ID),
        found.get(FILE.FILENAME),
        found.get(FILE.CONTENT_TYPE),
        found.get(FILE.MEDIA_TYPE),
        Purpose.valueOf(found.get(FILE.PURPOSE)),
        state,
        state == FileState.READY
            ? new StoredFile.Bytes(
                found.get(BLOB.BUCKET),
                found.get(BLOB.OBJECT_KEY),
                found.get(BLOB.SIZE),
                found.get(BLOB.SHA256))
            : null,
        found.get(FILE.VERSION),
        found.get(FILE.CREATED_AT).toInstant(),
        found.get(FILE.UPDATED_AT).toInstant());
  }
}
