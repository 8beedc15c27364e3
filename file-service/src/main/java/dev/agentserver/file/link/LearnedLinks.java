package dev.agentserver.file.link;

import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.FileStore;
import dev.agentserver.kit.db.Ids;
import java.util.UUID;
import org.jooq.DSLContext;

/// The links that other services have made, as they tell of them. Whoever made one has asked before
/// whether the file may be read; that it is still there is seen here, under its lock.
public final class LearnedLinks {
  private final Ids ids;
  private final FileNews news;
  private final FileStore files = new FileStore();
  private final LinkStore store = new LinkStore();

  public LearnedLinks(Ids ids, FileNews news) {
    this.ids = ids;
    this.news = news;
  }

  /// A file that went meanwhile is told of again: nobody is to believe that it is there.
  void learn(DSLContext db, UUID tenantId, Link.Use use) {
    var there =
        files
            .lock(db, tenantId, use.fileId())
            .filter(file -> file.state() != FileState.DELETED)
            .isPresent();
    if (there) {
      store.insert(db, tenantId, ids.next(), use);
    } else {
      news.deleted(db, tenantId, use.fileId());
    }
  }
}
