package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN_INTERRUPT;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// The questions of runs. The run is locked by whoever writes.
final class InterruptStore {
  /// The sort key of a row: what a page token holds.
  record Position(Instant createdAt, UUID interruptId) {}

  private static final List<Field<?>> COLUMNS =
      List.of(
          RUN_INTERRUPT.INTERRUPT_ID,
          RUN_INTERRUPT.RUN_ID,
          RUN_INTERRUPT.STEP_KEY,
          RUN_INTERRUPT.KIND,
          RUN_INTERRUPT.PROMPT,
          RUN_INTERRUPT.PAYLOAD,
          RUN_INTERRUPT.RESPONSE_SCHEMA,
          RUN_INTERRUPT.STATE,
          RUN_INTERRUPT.APPROVED,
          RUN_INTERRUPT.RESPONSE,
          RUN_INTERRUPT.ACTOR_ID,
          RUN_INTERRUPT.EXPIRES_AT,
          RUN_INTERRUPT.CREATED_AT,
          RUN_INTERRUPT.ENDED_AT);

  private final RunClock clock;

  InterruptStore(RunClock clock) {
    this.clock = clock;
  }

  Interrupt open(DSLContext db, Run run, UUID id, Interrupt.Draft draft, Duration patience) {
    return db.insertInto(RUN_INTERRUPT)
        .set(RUN_INTERRUPT.TENANT_ID, run.tenantId())
        .set(RUN_INTERRUPT.INTERRUPT_ID, id)
        .set(RUN_INTERRUPT.RUN_ID, run.id())
        .set(RUN_INTERRUPT.STEP_KEY, draft.stepKey())
        .set(RUN_INTERRUPT.KIND, draft.kind().name())
        .set(RUN_INTERRUPT.PROMPT, draft.prompt())
        .set(RUN_INTERRUPT.PAYLOAD, RunRows.jsonb(draft.payload()))
        .set(RUN_INTERRUPT.RESPONSE_SCHEMA, RunRows.jsonb(draft.responseSchema()))
        .set(RUN_INTERRUPT.STATE, Interrupt.State.OPEN.name())
        .set(RUN_INTERRUPT.EXPIRES_AT, clock.in(patience))
        .set(RUN_INTERRUPT.CREATED_AT, clock.now())
        .returning(COLUMNS)
        .fetchSingle(InterruptStore::interrupt);
  }

  Optional<Interrupt> find(DSLContext db, UUID tenantId, UUID runId, UUID id) {
    return db.select(COLUMNS)
        .from(RUN_INTERRUPT)
        .where(RUN_INTERRUPT.TENANT_ID.eq(tenantId))
        .and(RUN_INTERRUPT.INTERRUPT_ID.eq(id))
        .and(RUN_INTERRUPT.RUN_ID.eq(runId))
        .fetchOptional(InterruptStore::interrupt);
  }

  /// The last answer to whether a step may be done.
  Optional<Interrupt> answerFor(DSLContext db, Run run, String stepKey) {
    return db.select(COLUMNS)
        .from(RUN_INTERRUPT)
        .where(RUN_INTERRUPT.TENANT_ID.eq(run.tenantId()))
        .and(RUN_INTERRUPT.RUN_ID.eq(run.id()))
        .and(RUN_INTERRUPT.STEP_KEY.eq(stepKey))
        .and(RUN_INTERRUPT.STATE.eq(Interrupt.State.RESOLVED.name()))
        .orderBy(RUN_INTERRUPT.CREATED_AT.desc(), RUN_INTERRUPT.INTERRUPT_ID.desc())
        .limit(1)
        .fetchOptional(InterruptStore::interrupt);
  }

  Interrupt resolve(
      DSLContext db, Run run, UUID id, boolean approved, @Nullable String response, UUID actor) {
    return db.update(RUN_INTERRUPT)
        .set(RUN_INTERRUPT.STATE, Interrupt.State.RESOLVED.name())
        .set(RUN_INTERRUPT.APPROVED, approved)
        .set(RUN_INTERRUPT.RESPONSE, RunRows.jsonb(response))
        .set(RUN_INTERRUPT.ACTOR_ID, actor)
        .set(RUN_INTERRUPT.ENDED_AT, clock.now())
        .where(RUN_INTERRUPT.TENANT_ID.eq(run.tenantId()))
        .and(RUN_INTERRUPT.INTERRUPT_ID.eq(id))
        .returning(COLUMNS)
        .fetchSingle(InterruptStore::interrupt);
  }

  /// @param after the last row of the page before; null: from the newest
  List<Interrupt> list(
      DSLContext db, UUID tenantId, UUID runId, @Nullable Position after, int limit) {
    return db.select(COLUMNS)
        .from(RUN_INTERRUPT)
        .where(RUN_INTERRUPT.TENANT_ID.eq(tenantId))
        .and(RUN_INTERRUPT.RUN_ID.eq(runId))
        .and(
            after == null
                ? noCondition()
                : row(RUN_INTERRUPT.CREATED_AT, RUN_INTERRUPT.INTERRUPT_ID)
                    .lt(
                        row(
                            val(after.createdAt().atOffset(ZoneOffset.UTC)),
                            val(after.interruptId()))))
        .orderBy(RUN_INTERRUPT.CREATED_AT.desc(), RUN_INTERRUPT.INTERRUPT_ID.desc())
        .limit(limit)
        .fetch(InterruptStore::interrupt);
  }

  private static Interrupt interrupt(Record row) {
    return new Interrupt(
        row.get(RUN_INTERRUPT.INTERRUPT_ID),
        row.get(RUN_INTERRUPT.RUN_ID),
        row.get(RUN_INTERRUPT.STEP_KEY),
        Interrupt.Kind.valueOf(row.get(RUN_INTERRUPT.KIND)),
        row.get(RUN_INTERRUPT.PROMPT),
        RunRows.json(row.get(RUN_INTERRUPT.PAYLOAD)),
        RunRows.json(row.get(RUN_INTERRUPT.RESPONSE_SCHEMA)),
        Interrupt.State.valueOf(row.get(RUN_INTERRUPT.STATE)),
        Boolean.TRUE.equals(row.get(RUN_INTERRUPT.APPROVED)),
        RunRows.json(row.get(RUN_INTERRUPT.RESPONSE)),
        row.get(RUN_INTERRUPT.ACTOR_ID),
        row.get(RUN_INTERRUPT.EXPIRES_AT).toInstant(),
        row.get(RUN_INTERRUPT.CREATED_AT).toInstant(),
        RunRows.instant(row.get(RUN_INTERRUPT.ENDED_AT)));
  }
}
