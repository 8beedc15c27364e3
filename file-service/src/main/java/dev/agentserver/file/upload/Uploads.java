package dev.agentserver.file.upload;

import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Uploads, whatever they come by. The row is there before the object, and a file can be read only
/// when both are whole; whatever happens in between, the sweeper finds by the rows.
public final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final int TRIES = 3;

  private final Database database;
  private final ObjectStore objects;
  private final Blobs blobs;
  private final Quotas quotas;
  private final Inspection inspection;
  private final Links links;
  private final FileLimits limits;
  private final Ids ids;
  private final LongSupplier nanoTime;
  private final FileStore files = new FileStore();

  public Uploads(
      Database database,
      ObjectStore objects,
      Blobs blobs,
      Quotas quotas,
      Inspection inspection,
      Links links,
      FileLimits limits,
      Ids ids,
      LongSupplier nanoTime) {
    this.database = database;
    this.objects = objects;
    this.blobs = blobs;
    this.quotas = quotas;
    this.inspection = inspection;
    this.links = links;
    this.limits = limits;
    this.ids = ids;
    this.nanoTime = nanoTime;
  }

  /// Begins an upload; whoever begins it closes it.
  public FileUpload begin(Caller caller, NewFile file) {
    requireArtifact(caller, file);
    var most = limits.most(file.purpose(), file.inForm());
    if (file.size().orElse(0) > most) {
      throw FileLimits.tooLarge(most);
    }
    var id = id(file);
    var claimed =
        database.write(
            db -> {
              quotas.requireRoom(
                  db, caller.tenantId(), caller.principalId(), file.size().orElse(0));
              return claim(db, caller, id, file, () -> blobs.begin(db, caller.tenantId()));
            });
    return switch (claimed) {
      case Claimed.Done(var before) -> new RepeatedUpload(before, most);
      case Claimed.Begun(var blob) ->
          new RunningUpload(
              this, objects.upload(blob.key()), new Begun(caller, id, file, blob, blob), most);
    };
  }

  UUID id(NewFile file) {
    return file.id() == null ? ids.next() : file.id();
  }

  /// A run makes artifacts, which somebody must be able to find.
  private static void requireArtifact(Caller caller, NewFile file) {
    var run = caller.run();
    if (run != null
        && (file.purpose() != Purpose.ARTIFACT
            || (run.sessionId() == null && run.conversationId() == null))) {
      throw new Problem.Denied("run").raise();
    }
  }

  /// What the id of an upload stands for.
  sealed interface Claimed {
    /// A file that was uploaded before.
    record Done(StoredFile file) implements Claimed {}

    /// One whose bytes are to come.
    record Begun(Blob blob) implements Claimed {}
  }

  /// An upload that was begun.
  ///
  /// @param blob what its bytes become
  /// @param held the blob that the file has until then: the same, but where they came by a URL
  record Begun(Caller caller, UUID id, NewFile file, Blob blob, Blob held) {
    /// What came by the URL, as the upload that it was.
    Begun ofHeld() {
      return new Begun(caller, id, file, held, held);
    }
  }

  /// An upload that broke off begins anew: what it wrote is unwanted.
  ///
  /// @param begin makes the row of its object
  Claimed claim(DSLContext db, Caller caller, UUID id, NewFile file, Supplier<Blob> begin) {
    var tenant = caller.tenantId();
    var before = files.lock(db, tenant, id);
    if (before.isEmpty()) {
      var blob = begin.get();
      naming(id, () -> files.insert(db, tenant, id, caller.principalId(), file, blob.id()));
      return new Claimed.Begun(blob);
    }
    var found = before.get();
    if (!found.ownerId().equals(caller.principalId()) || !isOpenTo(db, caller, id)) {
      throw taken(id);
    }
    return switch (found.state()) {
      case READY -> new Claimed.Done(files.find(db, tenant, id).orElseThrow());
      case PENDING, SCANNING -> {
        var blob = begin.get();
        files.restart(db, tenant, id, file, blob.id());
        blobs.discard(db, tenant, found.blobId());
        yield new Claimed.Begun(blob);
      }
      case REJECTED, DELETED -> throw taken(id);
    };
  }

  /// A run does not touch what else its user has.
  private boolean isOpenTo(DSLContext db, Caller caller, UUID id) {
    return caller.run() == null
        || files
            .find(db, caller.tenantId(), id)
            .filter(file -> file.purpose() == Purpose.ARTIFACT)
            .isPresent();
  }

  private static void naming(UUID id, Runnable insert) {
    try {
      insert.run();
    } catch (IntegrityConstraintViolationException e) {
      throw Constraints.violated(e).orElse("").equals("file_pk") ? taken(id) : e;
    }
  }

  static RuntimeException taken(UUID id) {
    return new Problem.AlreadyExists(StoredFile.RESOURCE, id.toString()).raise();
  }

  /// When the upload has to say again that it is alive, by a clock that only goes on.
  long renewAt() {
    return nanoTime.getAsLong() + blobs.lease().toNanos() / 3;
  }

  /// Says that bytes arrive, where that was long ago.
  long alive(Begun upload, long renewAt) {
    if (nanoTime.getAsLong() - renewAt < 0) {
      return renewAt;
    }
    if (!blobs.renew(upload.blob())) {
      throw superseded(upload.id());
    }
    return renewAt();
  }

  /// Says that something is done with the bytes.
  void requireAlive(Begun upload) {
    if (!blobs.renew(upload.held()) || !blobs.renew(upload.blob())) {
      throw superseded(upload.id());
    }
  }

  void requireType(Begun upload, String mediaType) {
    limits.require(upload.file().purpose(), mediaType);
  }

  /// The object is whole: the file is READY, all at once.
  StoredFile finish(Begun upload, Digest digest, String mediaType) {
    check(upload.file(), digest);
    var blob = upload.blob();
    inspection.require(upload.id(), blob.key(), digest);
    var settled = settle(upload, digest, mediaType);
    if (!settled.equals(blob.id())) {
      blobs.collectOrLeave(blob);
    }
    return database.read(
        db ->
            files
                .find(db, blob.tenantId(), upload.id())
                .orElseThrow(
                    () ->
                        new Problem.NotFound(StoredFile.RESOURCE, upload.id().toString()).raise()));
  }

  /// Another upload of the same bytes may have come first meanwhile: then those are shared.
  private UUID settle(Begun upload, Digest digest, String mediaType) {
    for (var tries = 1; ; tries++) {
      try {
        return database.write(db -> settle(db, upload, digest, mediaType));
      } catch (IntegrityConstraintViolationException e) {
        if (tries == TRIES || !Constraints.violated(e).orElse("").equals("blob_content_unique")) {
          throw e;
        }
      }
    }
  }

  private UUID settle(DSLContext db, Begun upload, Digest digest, String mediaType) {
    var blob = upload.blob();
    var tenant = blob.tenantId();
    var held = upload.held();
    var row = files.lock(db, tenant, upload.id());
    if (row.filter(found -> held.id().equals(found.blobId())).isEmpty()
        || !blobs.isWriting(db, held)
        || !blobs.isWriting(db, blob)) {
      throw superseded(upload.id());
    }
    if (!held.equals(blob)) {
      // The room that was reserved is free for it.
      blobs.discard(db, tenant, held.id());
    }
    var settled = blobs.settle(db, blob, row.get().ownerId(), digest);
    files.ready(db, tenant, upload.id(), settled, mediaType);
    links.attachToRun(db, upload.caller(), upload.id());
    return settled;
  }

  static RuntimeException superseded(UUID id) {
    return new Problem.Refused(
            "UPLOAD_SUPERSEDED",
            "another upload took the place of that of file " + id,
            Map.of("id", id.toString()))
        .raise();
  }

  static void check(NewFile file, Digest digest) {
    var announced = file.sha256().toLowerCase(Locale.ROOT);
    var sameHash = announced.isEmpty() || announced.equals(digest.sha256());
    if (!sameHash || file.size().orElse(digest.length()) != digest.length()) {
      throw new Problem.Refused(
              "HASH_MISMATCH",
              "the bytes are not those that were announced",
              Map.of("sha256", digest.sha256(), "size", Long.toString(digest.length())))
          .raise();
    }
  }

  /// Nothing stays of an upload that did not end well. On a thread of its own: who gave up may be
  /// stopped in whatever they do. What cannot be removed now is the sweeper's.
  void giveUp(Begun upload) {
    Thread.ofVirtual()
        .name("abandoned-upload")
        .start(
            () -> {
              try {
                abandon(upload);
              } catch (RuntimeException failure) {
                LOG.info("an upload that broke off is left to the sweeper", failure);
              }
            });
  }

  void abandon(Begun upload) {
    var blob = upload.blob();
    var unwanted =
        database.write(
            db -> {
              var row = files.lock(db, blob.tenantId(), upload.id());
              if (!blobs.isWriting(db, blob)) {
                return false;
              }
              if (row.filter(found -> found.state() == FileState.PENDING).isPresent()) {
                files.removeOf(db, blob.tenantId(), blob.id());
              }
              blobs.discard(db, blob.tenantId(), blob.id());
              return true;
            });
    if (unwanted) {
      blobs.collectOrLeave(blob);
    }
  }
}
