package dev.agentserver.kit.erasure;

import dev.agentserver.kit.db.Database;
import java.util.List;
import org.jooq.DSLContext;

/// Steps one after the other, each until it is done.
public final class Sequence implements Eraser.Step {
  private final List<Eraser.Step> steps;
  private int done;

  private Sequence(List<Eraser.Step> steps) {
    this.steps = List.copyOf(steps);
  }

  public static Sequence of(Eraser.Step... steps) {
    return new Sequence(List.of(steps));
  }

  @Override
  public boolean next(DSLContext db, Tally tally) {
    var current = done;
    if (current == steps.size()) {
      return false;
    }
    if (!steps.get(current).next(db, tally)) {
      Database.afterCommit(db, () -> done = current + 1);
    }
    return true;
  }
}
