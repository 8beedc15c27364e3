package dev.agentserver.conversation.erasure;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.Tally;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Goes through a table in pages, by id. What a page does is committed before the next one begins.
final class IdWalk implements Eraser.Step {
  /// Finds where the page after an id ends.
  @FunctionalInterface
  interface End {
    Optional<UUID> of(DSLContext db, @Nullable UUID after);
  }

  /// Works on the rows of (after, until]; null is no bound. Returns whether the page is not done.
  @FunctionalInterface
  interface Page {
    boolean work(DSLContext db, @Nullable UUID after, @Nullable UUID until, Tally tally);
  }

  private final End end;
  private final Page page;
  private @Nullable UUID after;

  IdWalk(End end, Page page) {
    this.end = end;
    this.page = page;
  }

  @Override
  public boolean next(DSLContext db, Tally tally) {
    var until = end.of(db, after).orElse(null);
    if (page.work(db, after, until, tally)) {
      return true;
    }
    if (until == null) {
      return false;
    }
    Database.afterCommit(db, () -> after = until);
    return true;
  }
}
