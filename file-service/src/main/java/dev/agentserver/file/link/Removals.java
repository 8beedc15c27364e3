package dev.agentserver.file.link;

import dev.agentserver.file.blob.Blob;
import dev.agentserver.file.blob.Blobs;
import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.ProblemException;
import java.util.UUID;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes files away, with their links and, where nobody else has the same, their bytes.
public final class Removals {
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  private final Blobs blobs;
  private final FileStore files = new FileStore();
  private final LinkStore links = new LinkStore();

  public Removals(Blobs blobs) {
    this.blobs = blobs;
  }

  /// Removes a file that is locked. Its object goes after the commit; where that fails, by the
  /// sweeper.
  public void remove(DSLContext db, UUID tenantId, UUID id, FileStore.Locked file) {
    links.removeAll(db, tenantId, id);
    files.move(db, tenantId, id, FileState.DELETED, null);
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
      Database.afterCommit(db, () -> collect(released));
    }
  }

  private void collect(Blob blob) {
    try {
      blobs.collect(blob.tenantId(), blob.id(), blob.key());
    } catch (ProblemException away) {
      LOG.info("the object of a deleted file is left to the sweeper", away);
    }
  }
}
