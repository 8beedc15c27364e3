package dev.agentserver.agentrun.link;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.Sequence;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Tells, before the sessions and agents of a user go, that they use no files any more. Told twice
/// it is the same. Of a tenant nothing is to be told: its files go by themselves.
public final class FileLinksEraser implements Eraser {
  private static final int PAGE = 500;

  /// The next ones of a user.
  @FunctionalInterface
  private interface Page {
    List<UUID> after(DSLContext db, @Nullable UUID last);
  }

  /// Tells of one.
  @FunctionalInterface
  private interface News {
    void tell(DSLContext db, UUID tenantId, UUID id);
  }

  private final FileLinks files;
  private final LinkStore store = new LinkStore();

  public FileLinksEraser(FileLinks files) {
    this.files = files;
  }

  @Override
  public Step begin(Erased whom) {
    var tenant = whom.tenantId();
    var user = whom.userId();
    return user == null
        ? (_, _) -> false
        : Sequence.of(
            walk(
                tenant,
                (db, last) -> store.sessions(db, tenant, user, last, PAGE),
                files::sessionDeleted),
            walk(
                tenant,
                (db, last) -> store.agents(db, tenant, user, last, PAGE),
                files::agentDeleted));
  }

  private static Step walk(UUID tenantId, Page page, News news) {
    var last = new AtomicReference<@Nullable UUID>();
    return (db, _) -> {
      var ids = page.after(db, last.get());
      ids.forEach(id -> news.tell(db, tenantId, id));
      if (ids.size() < PAGE) {
        return false;
      }
      Database.afterCommit(db, () -> last.set(ids.getLast()));
      return true;
    };
  }
}
