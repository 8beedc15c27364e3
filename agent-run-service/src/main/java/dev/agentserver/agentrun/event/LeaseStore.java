package dev.agentserver.agentrun.event;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_LEASE;

import dev.agentserver.kit.identity.Caller;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/// Who holds a run, as the writers of events need it.
final class LeaseStore {
  /// @param current whether the lease is the run's newest, and has not ended
  record Lease(Origin origin, boolean current) {}

  /// The lease of the caller, who has or had it; the run does not change hands until the
  /// transaction ends. Empty where the caller never had it.
  Optional<Lease> hold(DSLContext db, Caller caller, UUID runId, long epoch) {
    return db.select(RUN.SESSION_ID, RUN.CONVERSATION_ID, RUN.USER_ID, RUN.LEASE_EPOCH, RUN.STATE)
        .from(RUN)
        .join(RUN_LEASE)
        .on(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
        .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
        .and(RUN_LEASE.LEASE_EPOCH.eq(epoch))
        .where(RUN.TENANT_ID.eq(caller.tenantId()))
        .and(RUN.RUN_ID.eq(runId))
        .and(heldBy(caller, runId, epoch))
        .forShare()
        .of(RUN)
        .fetchOptional(
            row ->
                new Lease(
                    Origin.run(
                        caller.tenantId(),
                        runId,
                        row.get(RUN.SESSION_ID),
                        row.get(RUN.CONVERSATION_ID),
                        row.get(RUN.USER_ID)),
                    row.get(RUN.LEASE_EPOCH) == epoch && leased(row.get(RUN.STATE))));
  }

  /// By the token that came with the lease, or by the principal that asked for it.
  private static Condition heldBy(Caller caller, UUID runId, long epoch) {
    var run = caller.run();
    return run == null
        ? RUN_LEASE.PRINCIPAL_ID.eq(caller.principalId())
        : DSL.condition(run.runId().equals(runId) && run.leaseEpoch() == epoch);
  }

  private static boolean leased(String state) {
    return state.equals("RUNNING") || state.equals("CANCELLING");
  }
}
