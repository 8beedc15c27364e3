package dev.agentserver.file.library;

import dev.agentserver.file.blob.Quotas;
import dev.agentserver.file.file.FileName;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.FileStore.Position;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.link.Removals;
import dev.agentserver.file.object.Content;
import dev.agentserver.file.object.Digest;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Files as their users have them.
public final class Files {
  private static final String WRITE = "file:write";
  private static final String DELETE = "file:delete";

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final ObjectStore objects;
  private final Quotas quotas;
  private final Links links;
  private final Removals removals;
  private final FileStore store = new FileStore();

  public Files(
      Database database,
      Writes writes,
      AuditTrail audit,
      ObjectStore objects,
      Quotas quotas,
      Links links,
      Removals removals) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.objects = objects;
    this.quotas = quotas;
    this.links = links;
    this.removals = removals;
  }

  /// A page of files, and where the next one begins; null on the last.
  public record Page(List<StoredFile> files, @Nullable Position next) {}

  /// What the bytes of a file are, and whether they are those that were uploaded.
  public record Verified(boolean intact, Digest found) {}

  public StoredFile get(Caller caller, UUID id) {
    return links.readable(caller, id);
  }

  /// Several, in the order of their ids.
  public List<StoredFile> get(Caller caller, List<UUID> ids) {
    return links.readable(caller, ids);
  }

  /// @param purpose null: whatever they are for
  /// @param after the last of the page before; null: from the top
  public Page list(Caller caller, @Nullable Purpose purpose, @Nullable Position after, int size) {
    var found = database.read(db -> store.list(db, caller, purpose, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1);
    return new Page(found.subList(0, size), new Position(last.createdAt(), last.id()));
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  public StoredFile rename(
      Caller caller, Attempt<StoredFile> attempt, UUID id, String etag, String filename) {
    links.owned(caller, WRITE, id);
    var clean = FileName.clean(filename);
    return writes.once(
        caller,
        attempt,
        db -> {
          var row = store.lock(db, caller.tenantId(), id).orElseThrow(() -> missing(id));
          check(id, row, etag);
          store.rename(db, caller.tenantId(), id, clean);
          return store.find(db, caller, WRITE, id).orElseThrow(() -> missing(id));
        });
  }

  /// @param etag the state the caller has seen; empty: whatever it is
  public void delete(Caller caller, Attempt<Boolean> attempt, UUID id, String etag) {
    var seen = database.read(db -> store.find(db, caller, DELETE, id));
    var refusal = seen.isPresent() ? null : refusal(caller, id);
    writes.once(
        caller,
        attempt,
        db -> {
          // A retry of what was done is answered before it comes to this.
          if (refusal != null) {
            throw refusal;
          }
          var row =
              store
                  .lock(db, caller.tenantId(), id)
                  .filter(found -> found.state() != FileState.DELETED)
                  .orElseThrow(() -> missing(id));
          check(id, row, etag);
          removals.remove(db, caller.tenantId(), id, row);
          audit.record(
              db,
              caller,
              new AuditRecord(attempt.method(), StoredFile.RESOURCE, id.toString(), Map.of()));
          return true;
        });
  }

  private RuntimeException refusal(Caller caller, UUID id) {
    try {
      return links.refusal(caller, id);
    } catch (RuntimeException notReadable) {
      return notReadable;
    }
  }

  private static void check(UUID id, FileStore.Locked row, String etag) {
    if (!etag.isEmpty() && !etag.equals(row.etag())) {
      throw new Problem.Stale(StoredFile.RESOURCE, id.toString(), row.etag()).raise();
    }
  }

  public Quotas.Stored usage(Caller caller) {
    return database.read(db -> quotas.stored(db, caller.tenantId(), caller.principalId()));
  }

  /// Reads the bytes of a file; whoever reads closes it.
  ///
  /// @param offset the first byte, not beyond the last
  public Content read(StoredFile file, long offset, long length) {
    return objects.read(file.readable().key(), offset, length).orElseThrow(() -> lost(file));
  }

  /// Refuses a range that begins beyond the end.
  public static void requireWithin(StoredFile file, long offset) {
    var size = file.readable().size();
    if (offset > size) {
      throw new Problem.Refused(
              "RANGE_NOT_SATISFIABLE",
              "the file has " + size + " bytes",
              Map.of("size", Long.toString(size)))
          .raise();
    }
  }

  /// Reads the bytes of a file again.
  public Verified verify(Caller caller, UUID id) {
    var file = links.owned(caller, "file:read", id);
    var bytes = file.readable();
    var found = objects.digest(bytes.key());
    return found
        .map(digest -> new Verified(digest.sha256().equals(bytes.sha256()), digest))
        .orElseGet(() -> new Verified(false, new Digest(0, "")));
  }

  /// A file that was deleted meanwhile is not there; else the store has lost what it was given.
  private RuntimeException lost(StoredFile file) {
    var still =
        database
            .read(db -> store.find(db, file.tenantId(), file.id()))
            .filter(found -> found.bytes() != null)
            .isPresent();
    return still
        ? new IllegalStateException("the object store has lost the bytes of file " + file.id())
        : missing(file.id());
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound(StoredFile.RESOURCE, id.toString()).raise();
  }
}
