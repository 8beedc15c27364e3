package dev.agentserver.file.upload;

import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.blob.Resumable;
import dev.agentserver.file.blob.ResumableStore;
import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.upload.Turns.Turn;
import dev.agentserver.file.upload.Uploads.Begun;
import dev.agentserver.file.upload.Uploads.Claimed;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Uploads over several requests. An upload goes by the id of the file that it becomes. What was
/// kept of it can be relied on; what a request did not get so far is sent again.
public final class ResumableUploads {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Database database;
  private final Blobs blobs;
  private final Quotas quotas;
  private final Uploads uploads;
  private final Assembly assembly;
  private final FileLimits limits;
  private final Turns turns = new Turns(PATIENCE);
  private final ResumableStore store = new ResumableStore();
  private final FileStore files = new FileStore();

  public ResumableUploads(
      Database database,
      Blobs blobs,
      Quotas quotas,
      Uploads uploads,
      Assembly assembly,
      FileLimits limits) {
    this.database = database;
    this.blobs = blobs;
    this.quotas = quotas;
    this.uploads = uploads;
    this.assembly = assembly;
    this.limits = limits;
  }

  /// How far an upload is.
  ///
  /// @param length null: nobody knows yet
  /// @param metadata what its creator said of it; empty once it is a file
  /// @param expiresAt until when it may be continued; null: it is a file
  public record Progress(
      UUID id,
      @Nullable Long length,
      long received,
      String metadata,
      @Nullable Instant expiresAt) {}

  /// The most bytes of a file.
  public long most() {
    return limits.maxBytes();
  }

  /// Begins an upload. Where its id is that of one that is under way, that one begins anew.
  ///
  /// @param metadata what is said of it besides, kept as it is
  public Progress create(Caller caller, NewFile file, String metadata) {
    requireSize(file, file.size());
    var id = uploads.id(file);
    try (var turn = turns.take(caller, id, () -> {})) {
      database.write(db -> create(db, caller, id, file, metadata));
      return settled(caller, id, turn);
    }
  }

  private boolean create(DSLContext db, Caller caller, UUID id, NewFile file, String metadata) {
    var tenant = caller.tenantId();
    var waits = limits.resumable();
    var claimed =
        uploads.claim(
            db, caller, id, file, () -> blobs.begin(db, tenant, file.size().orElse(0), waits));
    if (claimed instanceof Claimed.Begun(var blob)) {
      var length = file.size().isPresent() ? file.size().getAsLong() : null;
      store.insert(db, blob, caller.principalId(), length, metadata, waits);
      quotas.reserve(db, tenant, caller.principalId());
    }
    return true;
  }

  /// How far an upload is. Who continues it is asked to come to an end first, so that this stays
  /// so; what has arrived whole and is no file yet becomes one.
  public Progress get(Caller caller, UUID id) {
    try (var turn = turns.take(caller, id, () -> {})) {
      return settled(caller, id, turn);
    }
  }

  private Progress settled(Caller caller, UUID id, Turn turn) {
    var upload = database.read(db -> store.find(db, caller.tenantId(), caller.principalId(), id));
    if (upload.isEmpty()) {
      return progress(done(caller, id));
    }
    var found = upload.get();
    if (!found.isWhole()) {
      return progress(id, found);
    }
    var begun = begun(caller, id, found);
    try (var last = new Continuation(assembly, turn, begun, found, found.received(), null)) {
      return last.finish();
    }
  }

  private StoredFile done(Caller caller, UUID id) {
    return database
        .read(db -> files.find(db, caller.tenantId(), id))
        .filter(file -> file.ownerId().equals(caller.principalId()))
        .filter(file -> file.state() == FileState.READY)
        .orElseThrow(() -> missing(id));
  }

  static Progress progress(StoredFile file) {
    var size = file.readable().size();
    return new Progress(file.id(), size, size, "", null);
  }

  static Progress progress(UUID id, Resumable upload) {
    return new Progress(
        id, upload.length(), upload.received(), upload.metadata(), upload.expiresAt());
  }

  /// Continues an upload; whoever does closes it.
  ///
  /// @param offset where the bytes begin
  /// @param length how many there will be altogether, where that is said now
  /// @param checksum what the bytes of this request hash to; null: nobody says
  /// @param yielding makes this request come to its end; may be called by any thread
  public Continuation resume(
      Caller caller,
      UUID id,
      long offset,
      OptionalLong length,
      @Nullable Checksum checksum,
      Runnable yielding) {
    var turn = turns.take(caller, id, yielding);
    try {
      var upload = database.write(db -> take(db, caller, id, offset, length));
      var begun = begun(caller, id, upload);
      var most = upload.length() != null ? upload.length() : most(begun.file());
      return new Continuation(assembly, turn, begun, upload, most, checksum);
    } catch (RuntimeException refused) {
      turn.close();
      throw refused;
    }
  }

  private Resumable take(DSLContext db, Caller caller, UUID id, long offset, OptionalLong length) {
    var tenant = caller.tenantId();
    var owner = caller.principalId();
    var seen = store.find(db, tenant, owner, id);
    if (seen.isEmpty()) {
      throw mismatch(progress(done(caller, id)).received());
    }
    // The locks: blob, upload, usage.
    if (!blobs.isWriting(db, seen.get().blob())) {
      throw missing(id);
    }
    store.take(db, seen.get().blob());
    var upload = store.find(db, tenant, owner, id).orElseThrow(() -> missing(id));
    if (upload.received() != offset) {
      throw mismatch(upload.received());
    }
    if (length.isEmpty()) {
      return upload;
    }
    announce(db, caller, id, upload, length.getAsLong());
    return store.find(db, tenant, owner, id).orElseThrow(() -> missing(id));
  }

  private void announce(DSLContext db, Caller caller, UUID id, Resumable upload, long length) {
    if (upload.length() != null && upload.length() != length) {
      throw Problem.invalid("Upload-Length", "is known already, and another");
    }
    if (length < upload.received()) {
      throw Problem.invalid("Upload-Length", "is less than what was received");
    }
    requireSize(draft(db, caller, id), OptionalLong.of(length));
    blobs.announce(db, upload.blob(), length);
    store.announce(db, upload.blob(), length);
    quotas.reserve(db, caller.tenantId(), caller.principalId());
  }

  /// Gives an upload up; nothing of it stays.
  public void terminate(Caller caller, UUID id) {
    try (var _ = turns.take(caller, id, () -> {})) {
      var upload =
          database
              .read(db -> store.find(db, caller.tenantId(), caller.principalId(), id))
              .orElseThrow(() -> missing(id));
      uploads.abandon(begun(caller, id, upload));
    }
  }

  private Begun begun(Caller caller, UUID id, Resumable upload) {
    var file = database.read(db -> draft(db, caller, id));
    return new Begun(caller, id, file, upload.blob(), upload.blob());
  }

  private NewFile draft(DSLContext db, Caller caller, UUID id) {
    var file = files.find(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
    return new NewFile(
        id, file.filename(), file.contentType(), file.purpose(), "", OptionalLong.empty(), false);
  }

  private void requireSize(NewFile file, OptionalLong size) {
    if (size.orElse(0) > most(file)) {
      throw FileLimits.tooLarge(most(file));
    }
  }

  private long most(NewFile file) {
    return limits.most(file.purpose(), false);
  }

  private static RuntimeException mismatch(long received) {
    return new Problem.Refused(
            "OFFSET_MISMATCH",
            "the upload is at " + received,
            Map.of("offset", Long.toString(received)))
        .raise();
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound("upload", id.toString()).raise();
  }
}
