package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;

import dev.agentserver.kit.identity.RunScope;
import java.util.UUID;
import org.jooq.DSLContext;

/// Whether the lease that a token came with is there.
final class FenceStore {
  /// Whether it is the run's newest and has not ended; it does not end before the transaction.
  boolean holds(DSLContext db, UUID tenantId, RunScope scope) {
    return db.select(RUN.LEASE_EPOCH, RUN.STATE)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(scope.runId()))
        .forShare()
        .fetchOptional()
        .filter(row -> row.value1() == scope.leaseEpoch())
        .filter(row -> RunState.valueOf(row.value2()).leased())
        .isPresent();
  }
}
