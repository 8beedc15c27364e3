package dev.agentserver.file.link;

import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.kit.db.Database;
import java.util.UUID;
import org.jooq.DSLContext;

/// Takes files away, with their links and, where nobody else has the same, their bytes.
public final class Removals {
  private final Blobs blobs;
  private final FileNews news;
  private final FileStore files = new FileStore();
  private final LinkStore links = new LinkStore();

  public Removals(Blobs blobs, FileNews news) {
    this.blobs = blobs;
    this.news = news;
  }

  /// Removes a file that is locked. Its object goes after the commit; where that fails, by the
  /// sweeper.
  public void remove(DSLContext db, UUID tenantId, UUID id, FileStore.Locked file) {
    links.removeAll(db, tenantId, id);
    files.move(db, tenantId, id, FileState.DELETED, null);
    news.deleted(db, tenantId, id);
    var blob = file.blobId();
    if (blob == null) {
      return;
    }
    if (file.state() != FileState.READY) {
      // Its upload finds out by itself.
      blobs.discard(db, tenantId, blob);
      return;
    }
    var released = blobs.release(db, tenantId, file.ownerId(), blob);
    if (released.state() == Blob.State.DELETING) {
      Database.afterCommit(db, () -> blobs.collectOrLeave(released));
    }
  }
}
