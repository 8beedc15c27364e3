package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.record.Purposes;
import dev.agentserver.agentrun.ledger.record.Spending;
import dev.agentserver.agentrun.run.RunPauses;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;

/// The objects that keep budgets.
///
/// @param spending what the ledger spends by
public record BudgetWiring(
    Spending spending, BindableService service, Budgets budgets, Holds holds, Pauses pauses) {
  public static BudgetWiring open(
      KitRuntime kit, Purposes purposes, RunPauses runs, PageSizes pages, Clock clock) {
    var database = kit.database();
    var store = new BudgetStore();
    var periods = new PeriodStore();
    var holdStore = new HoldStore();
    var alerts = new Alerts(periods, kit.outbox());
    var pauses = new Pauses(database, runs, clock);
    var holds =
        new Holds(
            database, kit.writes(), kit.ids(), clock, purposes, store, periods, holdStore, pauses);
    var budgets =
        new Budgets(database, kit.writes(), kit.ids(), clock, store, periods, alerts, pauses);
    return new BudgetWiring(
        new Settlement(store, periods, holdStore, pauses, alerts, clock),
        new BudgetRpc(budgets, holds, pages),
        budgets,
        holds,
        pauses);
  }

  /// Gives back what nobody was heard of, and lets go on what waits no more; returns how many.
  public int sweep() {
    return holds.sweep() + pauses.sweep();
  }
}
