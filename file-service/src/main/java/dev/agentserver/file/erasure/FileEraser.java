package dev.agentserver.file.erasure;

import static dev.agentserver.file.db.Tables.FILE;
import static dev.agentserver.file.db.Tables.STORAGE_USAGE;
import static dev.agentserver.kit.db.tables.Tables.IDEMPOTENCY_KEY;

import dev.agentserver.file.file.FileStore;
import dev.agentserver.file.link.Removals;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.erasure.Sequence;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Erases users and tenants from files: what they uploaded goes, wherever it is attached. Objects
/// follow their rows within a minute; those of a tenant, whose rows go at once, when the store is
/// compared with the rows.
public final class FileEraser implements Eraser {
  private static final int PAGE = 1_000;
  private static final int FILES = 100;

  private final Removals removals;
  private final RowStore rows;
  private final FileStore store = new FileStore();

  public FileEraser(Removals removals, RowStore rows) {
    this.removals = removals;
    this.rows = rows;
  }

  @Override
  public Step begin(Erased whom) {
    var tenant = whom.tenantId();
    var user = whom.userId();
    Step release = (db, tally) -> release(db, tenant, user);
    return user == null
        ? Sequence.of(release, (db, tally) -> rows.removeTenant(db, tenant, PAGE, tally))
        : Sequence.of(
            release,
            (db, tally) -> rows.removeUser(db, FILE, tenant, user, PAGE, tally),
            (db, tally) -> rows.removeUser(db, STORAGE_USAGE, tenant, user, PAGE, tally),
            (db, tally) -> rows.removeUser(db, IDEMPOTENCY_KEY, tenant, user, PAGE, tally));
  }

  private boolean release(DSLContext db, UUID tenant, @Nullable UUID user) {
    var some = store.some(db, tenant, user, FILES);
    for (var id : some) {
      store.lock(db, tenant, id).ifPresent(row -> removals.remove(db, tenant, id, row));
    }
    return !some.isEmpty();
  }
}
