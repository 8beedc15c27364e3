package dev.agentserver.file.blob;

import dev.agentserver.file.blob.Blob.State;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Objects and their rows. What is in the store has a row, at any moment: the row is there before
/// the object and goes after it. Locks are taken in the order file, blob, usage.
public final class Blobs {
  /// What the keys of all objects begin with.
  public static final String PREFIX = "files/";

  /// But for those that clients write by URL: what is there is never read as a file.
  public static final String INCOMING = "incoming/";

  private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);
  private static final int KEY_BYTES = 16;

  private final Database database;
  private final ObjectStore objects;
  private final Quotas quotas;
  private final Ids ids;
  private final Duration lease;
  private final SecureRandom random = new SecureRandom();
  private final BlobStore store = new BlobStore();
  private final ResumableStore resumables = new ResumableStore();

  /// @param lease how long an upload counts as alive after it was heard of
  public Blobs(Database database, ObjectStore objects, Quotas quotas, Ids ids, Duration lease) {
    this.database = database;
    this.objects = objects;
    this.quotas = quotas;
    this.ids = ids;
    this.lease = lease;
  }

  /// A new one, to be written.
  public Blob begin(DSLContext db, UUID tenantId) {
    return insert(db, tenantId, PREFIX, new Digest(0, ""), lease);
  }

  /// A new one whose bytes may come over several requests.
  ///
  /// @param size how many there will be, to be reserved; 0: nobody knows yet
  /// @param validity how much longer than a lease it may wait for them
  public Blob begin(DSLContext db, UUID tenantId, long size, Duration validity) {
    return insert(db, tenantId, PREFIX, new Digest(size, ""), validity.plus(lease));
  }

  /// A new one that a client is to write by a URL.
  ///
  /// @param announced its hash may be empty
  /// @param validity how long the URL is valid; after it the upload may still be finished for a
  ///     while
  public Blob expect(DSLContext db, UUID tenantId, Digest announced, Duration validity) {
    return insert(db, tenantId, INCOMING, announced, validity.plus(lease));
  }

  private Blob insert(
      DSLContext db, UUID tenantId, String prefix, Digest announced, Duration validity) {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    var key = prefix + tenantId + "/" + HexFormat.of().formatHex(bytes);
    var blob = new Blob(tenantId, ids.next(), key, State.WRITING, announced.length(), null);
    store.insert(db, blob, objects.bucket(), announced, validity);
    return blob;
  }

  /// What a client is to write by a URL; empty where it comes otherwise, or not any more.
  public Optional<Announced> expected(DSLContext db, UUID tenantId, UUID id) {
    return store
        .announced(db, tenantId, id)
        .filter(announced -> announced.blob().key().startsWith(INCOMING));
  }

  /// How long an upload counts as alive.
  public Duration lease() {
    return lease;
  }

  /// Says that bytes still arrive; false where the upload is over.
  public boolean renew(Blob blob) {
    return database.write(db -> renew(db, blob));
  }

  /// The same in a transaction.
  public boolean renew(DSLContext db, Blob blob) {
    return renew(db, blob, Duration.ZERO);
  }

  /// The same of an upload that may wait for its next bytes.
  ///
  /// @param validity how much longer than a lease
  public boolean renew(DSLContext db, Blob blob, Duration validity) {
    return store.renew(db, blob.tenantId(), blob.id(), lease.plus(validity));
  }

  /// How many bytes an object has, or will have; false where its upload is over.
  public boolean announce(DSLContext db, Blob blob, long size) {
    return store.announce(db, blob.tenantId(), blob.id(), size);
  }

  /// The store has begun to take its parts; false where the upload is over.
  public boolean inParts(DSLContext db, Blob blob, String multipart) {
    return store.inParts(db, blob.tenantId(), blob.id(), multipart);
  }

  /// Whether the upload is still alive; its row is locked.
  public boolean isWriting(DSLContext db, Blob blob) {
    return store.lockWriting(db, blob.tenantId(), blob.id());
  }

  /// What was written belongs to a file from now on. Where the tenant has the same bytes already,
  /// those do, and what was written is unwanted.
  ///
  /// @return the blob that has the bytes
  public UUID settle(DSLContext db, Blob written, UUID ownerId, Digest digest) {
    endUpload(db, written.tenantId(), written.id());
    var twin = store.share(db, written.tenantId(), digest.sha256());
    if (twin.isPresent()) {
      store.deleting(db, written.tenantId(), written.id());
    } else {
      store.ready(db, written.tenantId(), written.id(), digest.length(), digest.sha256());
    }
    quotas.take(db, written.tenantId(), ownerId, digest.length());
    return twin.orElse(written.id());
  }

  /// Nobody continues an upload.
  public void discard(DSLContext db, UUID tenantId, UUID id) {
    endUpload(db, tenantId, id);
    store.deleting(db, tenantId, id);
  }

  private void endUpload(DSLContext db, UUID tenantId, UUID id) {
    resumables.remove(db, tenantId, id).ifPresent(tail -> drop(db, tenantId, tail));
  }

  /// Nobody needs an object any more. It goes after the commit; where that fails, by the sweeper.
  public void drop(DSLContext db, UUID tenantId, UUID id) {
    var dropped = store.deleting(db, tenantId, id);
    Database.afterCommit(db, () -> dropped.ifPresent(this::collectOrLeave));
  }

  /// Removes the object of an unwanted blob; where that fails, the sweeper does.
  public void collectOrLeave(Blob blob) {
    try {
      collect(blob);
    } catch (ProblemException away) {
      LOG.info("an object that nobody needs is left to the sweeper", away);
    }
  }

  /// A file has the bytes no more; with the last one they are unwanted.
  public Blob release(DSLContext db, UUID tenantId, UUID ownerId, UUID id) {
    var released = store.release(db, tenantId, id);
    quotas.giveBack(db, tenantId, ownerId, released.size());
    return released;
  }

  /// Removes the object of an unwanted blob with the parts that were never joined, and then its
  /// row.
  public void collect(Blob blob) {
    if (blob.multipart() != null) {
      objects.abort(new Multipart(blob.key(), blob.multipart(), Instant.EPOCH));
    }
    objects.delete(blob.key());
    database.write(
        db -> {
          store.remove(db, blob.tenantId(), blob.id());
          return true;
        });
  }
}
