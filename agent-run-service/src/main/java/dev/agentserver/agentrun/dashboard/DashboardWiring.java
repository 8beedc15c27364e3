package dev.agentserver.agentrun.dashboard;

import dev.agentserver.agentrun.ledger.budget.Budgets;
import dev.agentserver.kit.db.Database;
import io.grpc.BindableService;
import java.time.Clock;

/// Dashboards.
public final class DashboardWiring {
  private DashboardWiring() {}

  public static BindableService service(Database database, Clock clock, Budgets budgets) {
    return new DashboardRpc(new Dashboards(database, clock, budgets));
  }
}
