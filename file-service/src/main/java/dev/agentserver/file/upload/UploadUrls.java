package dev.agentserver.file.upload;

import dev.agentserver.file.blob.Announced;
import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.MediaType;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.SignedUrl;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.file.upload.Uploads.Begun;
import dev.agentserver.file.upload.Uploads.Claimed;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jooq.DSLContext;

/// Uploads that go straight to the store. What arrives there is no file: the URL may be used again
/// for as long as it is valid. Finishing copies it to where no URL leads, and only the copy is
/// looked at and kept.
public final class UploadUrls {
  private static final String WRITE = "file:write";
  private static final String NOT_RECEIVED = "UPLOAD_NOT_RECEIVED";

  /// The most that S3 takes in one PUT, and copies in one call.
  private static final long MOST = 5L << 30;

  private final Database database;
  private final ObjectStore objects;
  private final Blobs blobs;
  private final Quotas quotas;
  private final Links links;
  private final Uploads uploads;
  private final FileLimits limits;
  private final Duration validity;
  private final FileStore files = new FileStore();

  /// @param validity how long a URL is valid
  public UploadUrls(
      Database database,
      ObjectStore objects,
      Blobs blobs,
      Quotas quotas,
      Links links,
      Uploads uploads,
      FileLimits limits,
      Duration validity) {
    this.database = database;
    this.objects = objects;
    this.blobs = blobs;
    this.quotas = quotas;
    this.links = links;
    this.uploads = uploads;
    this.limits = limits;
    this.validity = validity;
  }

  /// Where to put the bytes of a file.
  public record UploadUrl(UUID fileId, SignedUrl url) {}

  /// @param file its size is known
  public UploadUrl create(Caller caller, NewFile file) {
    var size = file.size().orElseThrow();
    var most = Math.min(MOST, limits.most(file.purpose(), false));
    if (size > most) {
      throw FileLimits.tooLarge(most);
    }
    var id = uploads.id(file);
    var announced = new Digest(size, file.sha256().toLowerCase(Locale.ROOT));
    var blob = database.write(db -> expect(db, caller, id, file, announced));
    return new UploadUrl(id, objects.presignPut(blob.key(), size, validity));
  }

  private Blob expect(DSLContext db, Caller caller, UUID id, NewFile file, Digest announced) {
    var tenant = caller.tenantId();
    var claimed =
        uploads.claim(db, caller, id, file, () -> blobs.expect(db, tenant, announced, validity));
    return switch (claimed) {
      case Claimed.Done(_) -> throw Uploads.taken(id);
      case Claimed.Begun(var blob) -> {
        quotas.reserve(db, tenant, caller.principalId());
        yield blob;
      }
    };
  }

  /// Makes a file of what arrived.
  public StoredFile finish(Caller caller, UUID id) {
    var file = links.owned(caller, WRITE, id);
    var begun =
        file.state() == FileState.READY
            ? Optional.<Begun>empty()
            : database.write(db -> begin(db, caller, file));
    return begun.map(this::finish).orElseGet(() -> links.owned(caller, WRITE, id));
  }

  private StoredFile finish(Begun upload) {
    try {
      return finishOnce(upload);
    } catch (ProblemException refused) {
      // Of several who finish at once the first one does, for all of them.
      var finished =
          database
              .read(db -> files.find(db, upload.blob().tenantId(), upload.id()))
              .filter(file -> file.state() == FileState.READY);
      return finished.orElseThrow(() -> refused);
    }
  }

  /// Empty where it was finished meanwhile.
  private Optional<Begun> begin(DSLContext db, Caller caller, StoredFile file) {
    var tenant = caller.tenantId();
    var row = files.lock(db, tenant, file.id()).orElseThrow(() -> notReceived(file.id()));
    if (row.state() == FileState.READY) {
      return Optional.empty();
    }
    var expected =
        Optional.ofNullable(row.blobId())
            .flatMap(blob -> blobs.expected(db, tenant, blob))
            .orElseThrow(() -> notReceived(file.id()));
    blobs.renew(db, expected.blob());
    return Optional.of(
        new Begun(
            caller,
            file.id(),
            announced(file, expected),
            blobs.begin(db, tenant),
            expected.blob()));
  }

  private static NewFile announced(StoredFile file, Announced expected) {
    return new NewFile(
        file.id(),
        file.filename(),
        file.contentType(),
        file.purpose(),
        expected.sha256(),
        OptionalLong.of(expected.blob().size()),
        false);
  }

  private StoredFile finishOnce(Begun upload) {
    var finished = false;
    try {
      var file = copied(upload);
      finished = true;
      blobs.collectOrLeave(upload.held());
      return file;
    } catch (ProblemException refused) {
      if (isFinal(refused)) {
        uploads.giveUp(upload.ofHeld());
      }
      throw refused;
    } finally {
      if (!finished) {
        uploads.giveUp(upload);
      }
    }
  }

  /// What is wrong with the bytes stays wrong; anything else may be tried again.
  private static boolean isFinal(ProblemException failure) {
    return failure.problem() instanceof Problem.Refused refused
        && !refused.reason().equals(NOT_RECEIVED);
  }

  private StoredFile copied(Begun upload) {
    var id = upload.id();
    var from = upload.held().key();
    var to = upload.blob().key();
    var size = objects.head(from).map(StoredObject::length).orElseThrow(() -> notReceived(id));
    if (size != upload.held().size()) {
      Uploads.check(upload.file(), new Digest(size, ""));
    }
    if (!objects.copy(from, to)) {
      throw notReceived(id);
    }
    uploads.requireAlive(upload);
    var mediaType = mediaType(to);
    uploads.requireType(upload, mediaType);
    var digest = objects.digest(to).orElseThrow(() -> Uploads.superseded(id));
    uploads.requireAlive(upload);
    return uploads.finish(upload, digest, mediaType);
  }

  private String mediaType(String key) {
    try (var content = objects.read(key, 0, MediaType.LOOK).orElseThrow()) {
      return MediaType.of(content.stream().readAllBytes());
    } catch (IOException brokenOff) {
      throw new Problem.Unavailable("object-store", Duration.ofSeconds(1)).raise();
    }
  }

  private static RuntimeException notReceived(UUID id) {
    return new Problem.Refused(
            NOT_RECEIVED, "nothing has arrived for file " + id, Map.of("id", id.toString()))
        .raise();
  }
}
