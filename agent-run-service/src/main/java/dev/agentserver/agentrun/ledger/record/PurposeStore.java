package dev.agentserver.agentrun.ledger.record;

import static dev.agentserver.agentrun.db.Tables.PROJECT;
import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_LEASE;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.agentrun.run.RunState;
import dev.agentserver.kit.identity.Caller;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What usage may be for, as it is at the moment.
final class PurposeStore {
  /// @param held whether the caller has, or had, a lease of it
  record RunFacts(
      UUID userId,
      @Nullable UUID agentId,
      @Nullable UUID sessionId,
      @Nullable UUID conversationId,
      @Nullable UUID projectId,
      RunState state,
      long leaseEpoch,
      boolean held) {}

  /// Where a session belongs.
  record SessionFacts(@Nullable UUID conversationId, @Nullable UUID projectId) {}

  Optional<RunFacts> run(DSLContext db, Caller caller, UUID runId) {
    var held =
        exists(
            selectOne()
                .from(RUN_LEASE)
                .where(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
                .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
                .and(RUN_LEASE.PRINCIPAL_ID.eq(caller.principalId())));
    return db.select(
            RUN.USER_ID,
            RUN.AGENT_ID,
            RUN.SESSION_ID,
            RUN.CONVERSATION_ID,
            SESSION.PROJECT_ID,
            RUN.STATE,
            RUN.LEASE_EPOCH,
            org.jooq.impl.DSL.field(held))
        .from(RUN)
        .leftJoin(SESSION)
        .on(SESSION.TENANT_ID.eq(RUN.TENANT_ID))
        .and(SESSION.SESSION_ID.eq(RUN.SESSION_ID))
        .where(RUN.TENANT_ID.eq(caller.tenantId()))
        .and(RUN.RUN_ID.eq(runId))
        .fetchOptional(
            row ->
                new RunFacts(
                    row.value1(),
                    row.value2(),
                    row.value3(),
                    row.value4(),
                    row.value5(),
                    RunState.valueOf(row.value6()),
                    row.value7(),
                    row.value8()));
  }

  /// One that the caller may see.
  Optional<SessionFacts> session(DSLContext db, Caller caller, UUID sessionId) {
    return db.select(SESSION.CONVERSATION_ID, SESSION.PROJECT_ID)
        .from(SESSION)
        .where(SESSION.TENANT_ID.eq(caller.tenantId()))
        .and(SESSION.SESSION_ID.eq(sessionId))
        .and(
            caller.mayAny("session:read")
                ? noCondition()
                : SESSION.OWNER_ID.eq(caller.principalId()))
        .fetchOptional(row -> new SessionFacts(row.value1(), row.value2()));
  }

  /// Whether there is such a project that the caller may see.
  boolean hasProject(DSLContext db, Caller caller, UUID projectId) {
    return db.fetchExists(
        selectOne()
            .from(PROJECT)
            .where(PROJECT.TENANT_ID.eq(caller.tenantId()))
            .and(PROJECT.PROJECT_ID.eq(projectId))
            .and(
                caller.mayAny("project:read")
                    ? noCondition()
                    : PROJECT.OWNER_ID.eq(caller.principalId())));
  }
}
