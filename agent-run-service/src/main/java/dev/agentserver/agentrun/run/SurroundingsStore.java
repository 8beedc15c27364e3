package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.row;

import dev.agentserver.agentrun.run.Lease.Surroundings;
import java.time.ZoneOffset;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What lies around runs: their sessions, and the runs before them.
final class SurroundingsStore {
  /// How far back is looked.
  private static final int BEFORE = 20;

  Surroundings of(DSLContext db, Run run) {
    return new Surroundings(session(db, run), externalSessionId(db, run));
  }

  private static Lease.@Nullable Session session(DSLContext db, Run run) {
    return run.key().sessionId() == null
        ? null
        : db.select(SESSION.TYPE, SESSION.PHASE, SESSION.WORKING_DIR, SESSION.GIT_BRANCH)
            .from(SESSION)
            .where(SESSION.TENANT_ID.eq(run.tenantId()))
            .and(SESSION.SESSION_ID.eq(run.key().sessionId()))
            .fetchOne(
                found ->
                    new Lease.Session(
                        found.value1(), found.value2(), found.value3(), found.value4()));
  }

  /// Of the same user and agent: another has no use for it.
  private static @Nullable String externalSessionId(DSLContext db, Run run) {
    var sibling = sibling(run);
    if (sibling == null) {
      return null;
    }
    var before =
        db.select(RUN.USER_ID, RUN.AGENT_ID, RUN.EXTERNAL_SESSION_ID, RUN.CREATED_AT, RUN.RUN_ID)
            .from(RUN)
            .where(RUN.TENANT_ID.eq(run.tenantId()))
            .and(sibling)
            .and(
                row(RUN.CREATED_AT, RUN.RUN_ID)
                    .lt(run.terms().createdAt().atOffset(ZoneOffset.UTC), run.id()))
            .orderBy(RUN.CREATED_AT.desc(), RUN.RUN_ID.desc())
            .limit(BEFORE)
            .asTable(RUN.getName());
    return db.select(before.field(RUN.EXTERNAL_SESSION_ID))
        .from(before)
        .where(before.field(RUN.EXTERNAL_SESSION_ID).isNotNull())
        .and(before.field(RUN.USER_ID).eq(run.key().userId()))
        .and(before.field(RUN.AGENT_ID).isNotDistinctFrom(run.terms().agentId()))
        .orderBy(before.field(RUN.CREATED_AT).desc(), before.field(RUN.RUN_ID).desc())
        .limit(1)
        .fetchOne(0, String.class);
  }

  private static @Nullable Condition sibling(Run run) {
    if (run.key().conversationId() != null) {
      return RUN.CONVERSATION_ID.eq(run.key().conversationId());
    }
    return run.key().sessionId() == null ? null : RUN.SESSION_ID.eq(run.key().sessionId());
  }
}
