package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.record.Spending.Spent;
import dev.agentserver.agentrun.run.RunPauses;
import dev.agentserver.kit.db.Database;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// Has runs wait for budgets that are spent, and go on when they are not. Their rows are locked
/// after all others of the transaction, so that nobody who holds one waits for the ledger.
public final class Pauses {
  private static final int PAGE = 100;

  private final Database database;
  private final RunPauses runs;
  private final PauseStore store = new PauseStore();
  private final Clock clock;

  Pauses(Database database, RunPauses runs, Clock clock) {
    this.database = database;
    this.runs = runs;
    this.clock = clock;
  }

  /// Pauses a run that is under way.
  void pause(DSLContext db, Spent spent) {
    var why = Map.of("reason", "BUDGET_EXCEEDED", "budget_id", spent.budgetId().toString());
    if (runs.pause(db, spent.tenantId(), spent.runId(), why)) {
      store.insert(db, spent, clock.instant());
    }
  }

  /// Every run that waits for a budget goes on, unless it waits for another one too.
  void resume(DSLContext db, UUID tenantId, UUID budgetId) {
    store.of(db, tenantId, budgetId).forEach(spent -> resume(db, spent));
  }

  private void resume(DSLContext db, Spent spent) {
    store.delete(db, spent);
    if (!store.waits(db, spent.tenantId(), spent.runId())) {
      runs.resume(db, spent.tenantId(), spent.runId());
    }
  }

  /// Lets go on what waits for budgets that begin anew, and returns how many there were.
  int sweep() {
    var free = database.read(db -> store.free(db, clock.instant(), PAGE));
    for (var spent : free) {
      database.write(
          db -> {
            resume(db, spent);
            return true;
          });
    }
    return free.size();
  }
}
