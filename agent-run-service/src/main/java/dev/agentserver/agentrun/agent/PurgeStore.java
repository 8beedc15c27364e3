package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.RUN;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// Agents that were deleted, of all tenants.
final class PurgeStore {
  /// Removes up to `limit` that were deleted so long ago and that no run refers to, and returns how
  /// many there were.
  int purge(DSLContext db, Duration ago, int limit) {
    var now = DSL.function("clock_timestamp", OffsetDateTime.class);
    return db.deleteFrom(AGENT)
        .where(
            row(AGENT.TENANT_ID, AGENT.AGENT_ID)
                .in(
                    select(AGENT.TENANT_ID, AGENT.AGENT_ID)
                        .from(AGENT)
                        .where(AGENT.DELETED_AT.lt(now.minus(DayToSecond.valueOf(ago))))
                        .and(
                            notExists(
                                selectOne()
                                    .from(RUN)
                                    .where(RUN.TENANT_ID.eq(AGENT.TENANT_ID))
                                    .and(RUN.AGENT_ID.eq(AGENT.AGENT_ID))))
                        .limit(limit)))
        .execute();
  }
}
