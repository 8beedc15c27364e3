package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_STEP;
import static org.jooq.impl.DSL.excluded;

import dev.agentserver.agentrun.run.Run.Fault;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// The steps of runs. The run is locked by whoever writes.
final class StepStore {
  private static final List<Field<?>> COLUMNS =
      List.of(
          RUN_STEP.STEP_KEY,
          RUN_STEP.POSITION,
          RUN_STEP.PARENT_STEP_KEY,
          RUN_STEP.KIND,
          RUN_STEP.NAME,
          RUN_STEP.STATE,
          RUN_STEP.ATTEMPT,
          RUN_STEP.LEASE_EPOCH,
          RUN_STEP.INPUT,
          RUN_STEP.OUTPUT,
          RUN_STEP.ERROR_REASON,
          RUN_STEP.ERROR_MESSAGE,
          RUN_STEP.STARTED_AT,
          RUN_STEP.ENDED_AT);

  private final RunClock clock;

  StepStore(RunClock clock) {
    this.clock = clock;
  }

  Optional<Step> find(DSLContext db, Run run, String key) {
    return db.select(COLUMNS)
        .from(RUN_STEP)
        .where(RUN_STEP.TENANT_ID.eq(run.tenantId()))
        .and(RUN_STEP.RUN_ID.eq(run.id()))
        .and(RUN_STEP.STEP_KEY.eq(key))
        .fetchOptional(StepStore::step);
  }

  /// Counts one more step, and returns its place.
  int count(DSLContext db, Run run) {
    return db.update(RUN)
        .set(RUN.STEP_COUNT, RUN.STEP_COUNT.plus(1))
        .where(RUN.TENANT_ID.eq(run.tenantId()))
        .and(RUN.RUN_ID.eq(run.id()))
        .returningResult(RUN.STEP_COUNT)
        .fetchSingle()
        .value1();
  }

  /// Begins a step, for the first time or again.
  Step begin(DSLContext db, Run run, Step.Draft draft, int position, Step.State state) {
    return db.insertInto(RUN_STEP)
        .set(RUN_STEP.TENANT_ID, run.tenantId())
        .set(RUN_STEP.RUN_ID, run.id())
        .set(RUN_STEP.STEP_KEY, draft.key())
        .set(RUN_STEP.POSITION, position)
        .set(RUN_STEP.PARENT_STEP_KEY, draft.parentKey())
        .set(RUN_STEP.KIND, draft.kind().name())
        .set(RUN_STEP.NAME, draft.name())
        .set(RUN_STEP.STATE, state.name())
        .set(RUN_STEP.ATTEMPT, 1)
        .set(RUN_STEP.LEASE_EPOCH, run.progress().leaseEpoch())
        .set(RUN_STEP.INPUT, RunRows.jsonb(draft.input()))
        .set(RUN_STEP.STARTED_AT, clock.now())
        .onConflict(RUN_STEP.TENANT_ID, RUN_STEP.RUN_ID, RUN_STEP.STEP_KEY)
        .doUpdate()
        .set(RUN_STEP.STATE, excluded(RUN_STEP.STATE))
        .set(RUN_STEP.ATTEMPT, RUN_STEP.ATTEMPT.plus(1))
        .set(RUN_STEP.LEASE_EPOCH, excluded(RUN_STEP.LEASE_EPOCH))
        .set(RUN_STEP.INPUT, excluded(RUN_STEP.INPUT))
        .setNull(RUN_STEP.ERROR_REASON)
        .setNull(RUN_STEP.ERROR_MESSAGE)
        .set(RUN_STEP.STARTED_AT, excluded(RUN_STEP.STARTED_AT))
        .setNull(RUN_STEP.ENDED_AT)
        .returning(COLUMNS)
        .fetchSingle(StepStore::step);
  }

  /// @param fault null: it has succeeded
  Step end(DSLContext db, Run run, String key, @Nullable String output, @Nullable Fault fault) {
    return db.update(RUN_STEP)
        .set(RUN_STEP.STATE, (fault == null ? Step.State.SUCCEEDED : Step.State.FAILED).name())
        .set(RUN_STEP.OUTPUT, RunRows.jsonb(output))
        .set(RUN_STEP.ERROR_REASON, fault == null ? null : fault.reason())
        .set(RUN_STEP.ERROR_MESSAGE, fault == null ? null : fault.message())
        .set(RUN_STEP.ENDED_AT, clock.now())
        .where(RUN_STEP.TENANT_ID.eq(run.tenantId()))
        .and(RUN_STEP.RUN_ID.eq(run.id()))
        .and(RUN_STEP.STEP_KEY.eq(key))
        .returning(COLUMNS)
        .fetchSingle(StepStore::step);
  }

  /// @param after the place of the last step of the page before; 0: from the first
  List<Step> list(DSLContext db, UUID tenantId, UUID runId, int after, int limit) {
    return db.select(COLUMNS)
        .from(RUN_STEP)
        .where(RUN_STEP.TENANT_ID.eq(tenantId))
        .and(RUN_STEP.RUN_ID.eq(runId))
        .and(RUN_STEP.POSITION.gt(after))
        .orderBy(RUN_STEP.POSITION)
        .limit(limit)
        .fetch(StepStore::step);
  }

  private static Step step(Record row) {
    return new Step(
        row.get(RUN_STEP.STEP_KEY),
        row.get(RUN_STEP.POSITION),
        row.get(RUN_STEP.PARENT_STEP_KEY),
        Step.Kind.valueOf(row.get(RUN_STEP.KIND)),
        row.get(RUN_STEP.NAME),
        Step.State.valueOf(row.get(RUN_STEP.STATE)),
        row.get(RUN_STEP.ATTEMPT),
        row.get(RUN_STEP.LEASE_EPOCH),
        RunRows.json(row.get(RUN_STEP.INPUT)),
        RunRows.json(row.get(RUN_STEP.OUTPUT)),
        RunRows.fault(row.get(RUN_STEP.ERROR_REASON), row.get(RUN_STEP.ERROR_MESSAGE)),
        row.get(RUN_STEP.STARTED_AT).toInstant(),
        RunRows.instant(row.get(RUN_STEP.ENDED_AT)));
  }
}
