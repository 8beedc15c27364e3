package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;

import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/// Finds the runs to which something happens by the passing of time.
final class DueStore {
  record DueRun(UUID tenantId, UUID runId) {}

  private final RunClock clock;

  DueStore(RunClock clock) {
    this.clock = clock;
  }

  List<DueRun> list(DSLContext db, int limit) {
    return db.select(RUN.TENANT_ID, RUN.RUN_ID)
        .from(RUN)
        .where(RUN.DUE_AT.le(clock.now()))
        .orderBy(RUN.DUE_AT)
        .limit(limit)
        .fetch(row -> new DueRun(row.value1(), row.value2()));
  }
}
