package dev.agentserver.file.upload;

import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.blob.Resumable;
import dev.agentserver.file.blob.ResumableStore;
import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.MediaType;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.UploadedPart;
import dev.agentserver.file.upload.Uploads.Begun;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Puts objects together from what several requests bring: parts, which the store joins in the end,
/// and a tail that is too small to be one, in an object of its own. Whatever is in the store is in
/// the rows before, and counts only when the rows say so.
public final class Assembly {
  private final Database database;
  private final ObjectStore objects;
  private final Blobs blobs;
  private final Uploads uploads;
  private final Duration validity;
  private final LongSupplier nanoTime;
  private final ResumableStore store = new ResumableStore();

  public Assembly(
      Database database,
      ObjectStore objects,
      Blobs blobs,
      Uploads uploads,
      FileLimits limits,
      LongSupplier nanoTime) {
    this.database = database;
    this.objects = objects;
    this.blobs = blobs;
    this.uploads = uploads;
    this.validity = limits.resumable();
    this.nanoTime = nanoTime;
  }

  /// A buffer with the bytes behind the last part.
  PartBuffer open(Resumable upload) {
    var buffer = objects.buffers().take();
    try {
      if (upload.tail() != null) {
        read(upload.tail(), buffer);
      }
      return buffer;
    } catch (RuntimeException failure) {
      buffer.close();
      throw failure;
    }
  }

  private void read(Blob tail, PartBuffer buffer) {
    try (var content = objects.read(tail.key(), 0, tail.size()).orElseThrow(() -> lost(tail))) {
      var bytes = content.stream().readAllBytes();
      buffer.write(bytes, 0, bytes.length);
    } catch (IOException broken) {
      throw unavailable();
    }
    if (buffer.length() != tail.size()) {
      throw lost(tail);
    }
  }

  /// A buffer for what follows a part.
  PartBuffer empty() {
    return objects.buffers().take();
  }

  /// Writes a part, or writes it anew: it counts when it is kept.
  UploadedPart put(Resumable upload, int number, PartBuffer content) {
    return objects
        .putPart(multipart(upload.blob()), number, content)
        .orElseThrow(() -> Turns.locked(upload.blob().id()));
  }

  /// The blob with the store's name for its parts, which is asked for where there is none yet.
  Resumable inParts(Resumable upload) {
    if (upload.blob().multipart() != null) {
      return upload;
    }
    var begun = objects.begin(upload.blob().key());
    try {
      database.write(db -> inParts(db, upload, begun));
    } catch (ProblemException superseded) {
      objects.abort(begun);
      throw superseded;
    }
    var old = upload.blob();
    return upload.with(
        new Blob(old.tenantId(), old.id(), old.key(), old.state(), old.size(), begun.id()));
  }

  private boolean inParts(DSLContext db, Resumable upload, Multipart begun) {
    if (!blobs.inParts(db, upload.blob(), begun.id()) || !store.isCurrent(db, upload)) {
      throw Turns.locked(upload.blob().id());
    }
    return true;
  }

  /// Says what is kept from now on, all at once.
  ///
  /// @param parts those that are new
  /// @param tail what is behind the last part; null: nothing is
  Resumable keep(Resumable upload, List<UploadedPart> parts, @Nullable Blob tail, long received) {
    database.write(
        db -> {
          keep(db, upload, parts, tail, received);
          return true;
        });
    return upload.with(upload.parts() + parts.size(), tail, received);
  }

  private void keep(
      DSLContext db,
      Resumable upload,
      List<UploadedPart> parts,
      @Nullable Blob tail,
      long received) {
    var blob = upload.blob();
    var tailId = tail == null ? null : tail.id();
    if (!blobs.renew(db, blob, validity)
        || (tail != null && !blobs.announce(db, tail, tail.size()))
        || !store.keep(db, upload, received, tailId, validity)) {
      throw Turns.locked(blob.id());
    }
    if (!parts.isEmpty()) {
      store.addParts(db, blob, parts);
    }
    if (upload.tail() != null && !upload.tail().id().equals(tailId)) {
      blobs.drop(db, blob.tenantId(), upload.tail().id());
    }
  }

  /// Writes the bytes behind the last part into an object of their own.
  Blob putTail(Resumable upload, PartBuffer content) {
    var tail = database.write(db -> blobs.begin(db, upload.blob().tenantId()));
    objects.put(tail.key(), content);
    return new Blob(tail.tenantId(), tail.id(), tail.key(), tail.state(), content.length(), null);
  }

  /// Writes the object of an upload without bytes. With bytes it is never written as a whole,
  /// however small: a request that was superseded at another process would write over the READY
  /// object of the one that came after. Parts end with their joining.
  void putNothing(Resumable upload, PartBuffer empty) {
    objects.put(upload.blob().key(), empty);
  }

  /// When the upload has to say again that it is alive.
  long renewAt() {
    return nanoTime.getAsLong() + blobs.lease().toNanos() / 3;
  }

  /// Says that bytes arrive, where that was long ago.
  long alive(Resumable upload, long renewAt) {
    if (nanoTime.getAsLong() - renewAt < 0) {
      return renewAt;
    }
    keep(upload, List.of(), upload.tail(), upload.received());
    return renewAt();
  }

  /// All bytes are kept: makes them one object, and that a READY file. It may be tried again. What
  /// is not taken is removed.
  ///
  /// The object is read once more to be hashed: a hash's state over requests and processes is
  /// nothing that the JDK can keep, and so it is that of the bytes which the store really has.
  StoredFile finish(Begun begun, Resumable upload) {
    var key = upload.blob().key();
    if (upload.parts() > 0) {
      // False as well where an earlier try came so far.
      objects.complete(
          multipart(upload.blob()), database.read(db -> store.parts(db, upload.blob())));
    }
    var digest = objects.digest(key).orElseThrow(() -> lost(upload.blob()));
    var mediaType = MediaType.of(head(upload.blob(), digest));
    return taken(
        begun,
        () -> {
          if (digest.length() != upload.received()) {
            throw lost(upload.blob());
          }
          uploads.requireType(begun, mediaType);
          return uploads.finish(begun, digest, mediaType);
        });
  }

  private byte[] head(Blob blob, Digest digest) {
    if (digest.length() == 0) {
      return new byte[0];
    }
    try (var content = objects.read(blob.key(), 0, MediaType.LOOK).orElseThrow(() -> lost(blob))) {
      return content.stream().readAllBytes();
    } catch (IOException broken) {
      throw unavailable();
    }
  }

  /// Refuses as early as it is known what is not taken.
  void requireType(Begun begun, PartBuffer first) {
    var head = Arrays.copyOf(first.bytes(), Math.min(first.length(), MediaType.LOOK));
    taken(
        begun,
        () -> {
          uploads.requireType(begun, MediaType.of(head));
          return begun;
        });
  }

  /// Nothing stays of what will never be a file.
  private <T> T taken(Begun begun, Supplier<T> work) {
    try {
      return work.get();
    } catch (ProblemException refusal) {
      if (refusal.problem() instanceof Problem.Refused
          || refusal.problem() instanceof Problem.QuotaExceeded) {
        uploads.abandon(begun);
      }
      throw refusal;
    }
  }

  private static Multipart multipart(Blob blob) {
    return new Multipart(blob.key(), Objects.requireNonNull(blob.multipart()), Instant.EPOCH);
  }

  private static RuntimeException unavailable() {
    return new Problem.Unavailable("object-store", Duration.ofSeconds(1)).raise();
  }

  private static RuntimeException lost(Blob blob) {
    return new IllegalStateException("the object store has lost the bytes of blob " + blob.id());
  }
}
