package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.USAGE_EVENT;

import dev.agentserver.agentrun.ledger.rollup.Movement;
import dev.agentserver.agentrun.ledger.rollup.RollupStore;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.Tally;
import java.util.ArrayList;
import java.util.UUID;
import org.jooq.DSLContext;

/// Has the ledger forget who used something. What was used and what it cost stays: what was billed
/// was billed. A user's own budgets go.
public final class UsageEraser implements Eraser {
  private static final int PAGE = 500;

  private final LedgerStore ledger = new LedgerStore();
  private final RollupStore rollups = new RollupStore();

  /// Of a tenant nothing is to be done: its rows go as all others.
  @Override
  public Step begin(Erased whom) {
    var user = whom.userId();
    return user == null ? (_, _) -> false : (db, tally) -> forget(db, whom.tenantId(), user, tally);
  }

  /// The sums of the user become those of nobody in the transaction in which their events do.
  private boolean forget(DSLContext db, UUID tenantId, UUID userId, Tally tally) {
    var events = ledger.lock(db, tenantId, ledger.ofUser(db, tenantId, userId, PAGE));
    if (events.isEmpty()) {
      return tally.removed(BUDGET, ledger.removeBudgets(db, tenantId, userId, PAGE)) > 0;
    }
    var moves = new ArrayList<Movement>();
    for (var event : events) {
      for (var movement : Movement.of(event)) {
        moves.add(movement.negated());
        moves.add(movement.withoutUser());
      }
    }
    rollups.apply(db, moves);
    tally.changed(
        USAGE_EVENT, ledger.forgetUser(db, tenantId, events.stream().map(UsageEvent::id).toList()));
    return true;
  }
}
