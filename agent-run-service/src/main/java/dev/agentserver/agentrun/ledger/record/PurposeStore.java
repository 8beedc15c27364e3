package dev.agentserver.agentrun.ledger.record;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.PROJECT;
import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_LEASE;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.agentrun.run.RunState;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.ZoneOffset;
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

  Optional<RunFacts> run(DSLContext db, UUID tenantId, UUID principalId, UUID runId) {
    var held =
        exists(
            selectOne()
                .from(RUN_LEASE)
                .where(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
                .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
                .and(RUN_LEASE.PRINCIPAL_ID.eq(principalId)));
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
        .where(RUN.TENANT_ID.eq(tenantId))
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

  /// Whether at that time the run had ended, or a later lease had replaced this one.
  ///
  /// @param epoch 0: whichever lease there was
  boolean hadEnded(DSLContext db, UUID tenantId, UUID runId, long epoch, Instant at) {
    var time = at.atOffset(ZoneOffset.UTC);
    return db.fetchExists(
        selectOne()
            .from(RUN)
            .where(RUN.TENANT_ID.eq(tenantId))
            .and(RUN.RUN_ID.eq(runId))
            .and(
                RUN.ENDED_AT
                    .le(time)
                    .or(
                        epoch == 0
                            ? falseCondition()
                            : exists(
                                selectOne()
                                    .from(RUN_LEASE)
                                    .where(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
                                    .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
                                    .and(RUN_LEASE.LEASE_EPOCH.gt(epoch))
                                    .and(RUN_LEASE.ACQUIRED_AT.le(time))))));
  }

  /// Whether there is such an agent that the user may use.
  boolean hasAgent(DSLContext db, UUID tenantId, UUID userId, UUID agentId) {
    return db.fetchExists(
        selectOne()
            .from(AGENT)
            .where(AGENT.TENANT_ID.eq(tenantId))
            .and(AGENT.AGENT_ID.eq(agentId))
            .and(AGENT.OWNER_ID.eq(userId).or(AGENT.VISIBILITY.eq("TENANT"))));
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
