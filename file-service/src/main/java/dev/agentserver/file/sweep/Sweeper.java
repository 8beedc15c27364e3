package dev.agentserver.file.sweep;

import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.BlobStore;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.file.FileStore.Released;
import dev.agentserver.file.link.Links;
import dev.agentserver.file.link.Removals;
import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.StoredObject;
import dev.agentserver.kit.db.Database;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes one truth of two stores: after a sweep there is an object for each READY blob, and no
/// other but those that are being written.
///
/// What has no row may go at any time: a row is there before its object, and keys are never used
/// again.
public final class Sweeper {
  private static final int PAGE = 500;

  /// How long a deleted file is remembered, so that its id is not given to another.
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private final Database database;
  private final ObjectStore objects;
  private final Blobs blobs;
  private final Links links;
  private final Removals removals;
  private final BlobStore rows = new BlobStore();
  private final FileStore files = new FileStore();

  public Sweeper(
      Database database, ObjectStore objects, Blobs blobs, Links links, Removals removals) {
    this.database = database;
    this.objects = objects;
    this.blobs = blobs;
    this.links = links;
    this.removals = removals;
  }

  /// What nobody needs.
  public record Garbage(long objects, long bytes) {}

  /// Does what the rows know of: uploads that broke off, files that were released, the objects of
  /// those that were deleted.
  public void sweep() {
    abandon(null);
    removeReleased(null);
    collect(null);
    while (database.write(db -> files.purge(db, REMEMBERED, PAGE)) == PAGE) {}
  }

  /// Does what only the store knows of: objects without a row, parts that were never joined.
  public void reconcile() {
    reconcile(Blobs.PREFIX, false);
    reconcile(Blobs.INCOMING, false);
    abort(Blobs.PREFIX);
  }

  /// Does all of it for one tenant now.
  ///
  /// @param dryRun only counts
  public Garbage collect(UUID tenantId, boolean dryRun) {
    var own = tenantId + "/";
    if (!dryRun) {
      abandon(tenantId);
      removeReleased(tenantId);
    }
    var files = reconcile(Blobs.PREFIX + own, dryRun);
    var incoming = reconcile(Blobs.INCOMING + own, dryRun);
    if (!dryRun) {
      abort(Blobs.PREFIX + own);
      collect(tenantId);
    }
    return new Garbage(files.objects() + incoming.objects(), files.bytes() + incoming.bytes());
  }

  private void abandon(@Nullable UUID tenantId) {
    int found;
    do {
      found =
          database.write(
              db -> {
                var dead = rows.lockAbandoned(db, tenantId, PAGE);
                for (var blob : dead) {
                  files.removeOf(db, blob.tenantId(), blob.id());
                  blobs.discard(db, blob.tenantId(), blob.id());
                }
                return dead.size();
              });
    } while (found == PAGE);
  }

  private void removeReleased(@Nullable UUID tenantId) {
    List<Released> page;
    do {
      page = database.read(db -> files.released(db, tenantId, PAGE));
      page.forEach(this::removeIfUnused);
    } while (page.size() == PAGE);
  }

  /// Somebody may have attached it again meanwhile: that is seen under the lock.
  private void removeIfUnused(Released file) {
    database.write(
        db -> {
          var row = files.lock(db, file.tenantId(), file.id());
          if (row.isPresent() && !links.isUsed(db, file.tenantId(), file.id())) {
            removals.remove(db, file.tenantId(), file.id(), row.get());
          }
          return true;
        });
  }

  private void collect(@Nullable UUID tenantId) {
    Blob after = null;
    while (true) {
      var last = after;
      var page = database.read(db -> rows.unwanted(db, tenantId, last, PAGE));
      page.forEach(blobs::collect);
      if (page.size() < PAGE) {
        return;
      }
      after = page.getLast();
    }
  }

  private Garbage reconcile(String prefix, boolean dryRun) {
    var count = 0L;
    var bytes = 0L;
    String after = null;
    while (true) {
      var page = objects.list(prefix, after, PAGE);
      var keys = page.stream().map(StoredObject::key).collect(Collectors.toSet());
      var wanted = database.read(db -> rows.wanted(db, keys, !dryRun));
      for (var object : page) {
        if (!wanted.contains(object.key())) {
          count++;
          bytes += object.length();
          if (!dryRun) {
            objects.delete(object.key());
          }
        }
      }
      if (page.size() < PAGE) {
        return new Garbage(count, bytes);
      }
      after = page.getLast().key();
    }
  }

  private void abort(String prefix) {
    Multipart after = null;
    while (true) {
      var page = objects.unfinished(prefix, after, PAGE);
      var keys = page.stream().map(Multipart::key).collect(Collectors.toSet());
      var written = database.read(db -> rows.writing(db, keys));
      page.stream().filter(each -> !written.contains(each.key())).forEach(objects::abort);
      if (page.size() < PAGE) {
        return;
      }
      after = page.getLast();
    }
  }
}
