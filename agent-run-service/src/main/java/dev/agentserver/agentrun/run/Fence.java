package dev.agentserver.agentrun.run;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import org.jooq.DSLContext;

/// Keeps out whoever writes by the token of a run whose lease has ended, or was replaced.
public final class Fence {
  private final FenceStore store = new FenceStore();

  /// Holds the lease until the transaction ends; fails with LEASE_LOST. Callers who are no runs
  /// pass.
  public void check(DSLContext db, Caller caller) {
    var scope = caller.run();
    if (scope != null && !store.holds(db, caller.tenantId(), scope)) {
      throw new Problem.Refused(
              "LEASE_LOST",
              "the lease has ended, or another has replaced it",
              Map.of("id", scope.runId().toString()))
          .raise();
    }
  }
}
