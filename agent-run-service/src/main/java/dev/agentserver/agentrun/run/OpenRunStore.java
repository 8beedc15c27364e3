package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static org.jooq.impl.DSL.case_;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jspecify.annotations.Nullable;

/// The runs of a session, or of a conversation, that have not ended.
final class OpenRunStore {
  private final RunClock clock;

  OpenRunStore(RunClock clock) {
    this.clock = clock;
  }

  /// The first of a session, those that wait behind others before them.
  ///
  /// @param but one that is left out; null: none
  /// @param told whether those are wanted that were told to end
  List<Place> ofSession(
      DSLContext db, UUID tenantId, UUID sessionId, @Nullable UUID but, boolean told, int limit) {
    return db.select(RUN.TENANT_ID, RUN.RUN_ID, RUN.SESSION_ID, RUN.CONCURRENCY_KEY)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.SESSION_ID.eq(sessionId))
        .and(RUN.ENDED_AT.isNull())
        .and(but == null ? noCondition() : RUN.RUN_ID.ne(but))
        .and(told ? noCondition() : RUN.STATE.ne(RunState.CANCELLING.name()))
        .orderBy(case_().when(RUN.STATE.eq(RunState.PENDING.name()), val(0)).otherwise(1))
        .limit(limit)
        .fetch(Records.mapping(Place::new));
  }

  /// Locks runs, all at once: what is told of them locks their stream of events.
  List<Run> lock(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    return lock(db, RUN.TENANT_ID.eq(tenantId).and(RUN.RUN_ID.in(ids)));
  }

  /// Locks those that answer in a conversation and are part of no session.
  List<Run> lockOfConversation(DSLContext db, UUID tenantId, UUID conversationId) {
    return lock(
        db,
        RUN.TENANT_ID
            .eq(tenantId)
            .and(RUN.CONVERSATION_ID.eq(conversationId))
            .and(RUN.SESSION_ID.isNull()));
  }

  private List<Run> lock(DSLContext db, Condition which) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .where(which)
        .and(RUN.ENDED_AT.isNull())
        .orderBy(
            case_().when(RUN.STATE.eq(RunState.PENDING.name()), val(0)).otherwise(1),
            RUN.CREATED_AT,
            RUN.RUN_ID)
        .forNoKeyUpdate()
        .of(RUN)
        .fetch(RunRows::run);
  }
}
