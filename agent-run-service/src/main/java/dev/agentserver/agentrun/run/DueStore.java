package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;

/// Finds the runs to which something happens by the passing of time.
final class DueStore {
  private final RunClock clock;

  DueStore(RunClock clock) {
    this.clock = clock;
  }

  List<Place> list(DSLContext db, int limit) {
    return db.select(RUN.TENANT_ID, RUN.RUN_ID, RUN.SESSION_ID, RUN.CONCURRENCY_KEY)
        .from(RUN)
        .where(RUN.DUE_AT.le(clock.now()))
        .orderBy(RUN.DUE_AT)
        .limit(limit)
        .fetch(Records.mapping(Place::new));
  }
}
