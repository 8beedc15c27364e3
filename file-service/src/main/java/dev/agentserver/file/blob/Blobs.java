package dev.agentserver.file.blob;

import dev.agentserver.file.blob.Blob.State;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.jooq.DSLContext;

/// Objects and their rows. What is in the store has a row, at any moment: the row is there before
/// the object and goes after it. Locks are taken in the order file, blob, usage.
public final class Blobs {
  /// What the keys of all objects begin with.
  public static final String PREFIX = "files/";

  private static final int KEY_BYTES = 16;

  private final Database database;
  private final ObjectStore objects;
  private final Quotas quotas;
  private final Ids ids;
  private final Duration lease;
  private final SecureRandom random = new SecureRandom();
  private final BlobStore store = new BlobStore();

  /// @param lease how long an upload counts as alive after it was heard of
  public Blobs(Database database, ObjectStore objects, Quotas quotas, Ids ids, Duration lease) {
    this.database = database;
    this.objects = objects;
    this.quotas = quotas;
    this.ids = ids;
    this.lease = lease;
  }

  /// The keys of a tenant's objects begin with it.
  public static String prefix(UUID tenantId) {
    return PREFIX + tenantId + "/";
  }

  /// A new one, to be written.
  public Blob begin(DSLContext db, UUID tenantId) {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    var key = prefix(tenantId) + HexFormat.of().formatHex(bytes);
    var id = ids.next();
    store.insert(db, tenantId, id, objects.bucket(), key, lease);
    return new Blob(tenantId, id, key, State.WRITING, 0);
  }

  /// How long an upload counts as alive.
  public Duration lease() {
    return lease;
  }

  /// Says that bytes still arrive; false where the upload is over.
  public boolean renew(Blob blob) {
    return database.write(db -> store.renew(db, blob.tenantId(), blob.id(), lease));
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
    store.deleting(db, tenantId, id);
  }

  /// A file has the bytes no more; with the last one they are unwanted.
  public Blob release(DSLContext db, UUID tenantId, UUID ownerId, UUID id) {
    var released = store.release(db, tenantId, id);
    quotas.giveBack(db, tenantId, ownerId, released.size());
    return released;
  }

  /// Removes the object of an unwanted blob, and then its row.
  public void collect(UUID tenantId, UUID id, String key) {
    objects.delete(key);
    database.write(
        db -> {
          store.remove(db, tenantId, id);
          return true;
        });
  }
}
