package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_INTERRUPT;
import static dev.agentserver.agentrun.db.Tables.RUN_KEY;
import static dev.agentserver.agentrun.db.Tables.RUN_STEP;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.case_;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.text.MetadataJson;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Records;
import org.jspecify.annotations.Nullable;

/// Runs one at a time: made, locked, moved from state to state. Every move goes through [#move],
/// which knows the edges.
public final class RunStore {
  /// What came out of a run. All may be null.
  public record Outcome(
      @Nullable Fault fault,
      @Nullable String output,
      @Nullable UUID outputMessageId,
      @Nullable String externalSessionId) {
    public static final Outcome NONE = new Outcome(null, null, null, null);

    static Outcome of(String reason, String message) {
      return new Outcome(new Fault(reason, message), null, null, null);
    }
  }

  private final RunClock clock;

  public RunStore(RunClock clock) {
    this.clock = clock;
  }

  /// Locks what runs exclude each other about: nobody begins or ends a run of it meanwhile.
  void lockKey(DSLContext db, UUID tenantId, UUID key) {
    db.insertInto(RUN_KEY)
        .set(RUN_KEY.TENANT_ID, tenantId)
        .set(RUN_KEY.KEY_ID, key)
        .onConflictDoNothing()
        .execute();
    lockKnownKey(db, tenantId, key);
  }

  /// The same where there may be runs of it; where there never was one, there is nothing to lock.
  void lockKnownKey(DSLContext db, UUID tenantId, UUID key) {
    db.select(RUN_KEY.KEY_ID)
        .from(RUN_KEY)
        .where(RUN_KEY.TENANT_ID.eq(tenantId))
        .and(RUN_KEY.KEY_ID.eq(key))
        .forNoKeyUpdate()
        .fetch();
  }

  /// What is locked before a run that may end.
  Optional<Place> place(DSLContext db, UUID tenantId, UUID runId) {
    return db.select(RUN.TENANT_ID, RUN.RUN_ID, RUN.SESSION_ID, RUN.CONCURRENCY_KEY)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(runId))
        .fetchOptional(Records.mapping(Place::new));
  }

  /// Locks what is locked before a run that may end.
  void lockAbove(DSLContext db, Place place) {
    if (place.sessionId() != null) {
      db.select(SESSION.SESSION_ID)
          .from(SESSION)
          .where(SESSION.TENANT_ID.eq(place.tenantId()))
          .and(SESSION.SESSION_ID.eq(place.sessionId()))
          .forNoKeyUpdate()
          .fetch();
    }
    if (place.concurrencyKey() != null) {
      lockKnownKey(db, place.tenantId(), place.concurrencyKey());
    }
  }

  /// Locks a run that may end, and before it what is above it.
  Optional<Run> lockToEnd(DSLContext db, Place place) {
    lockAbove(db, place);
    return lock(db, place.tenantId(), place.runId());
  }

  /// Locks a run.
  public Optional<Run> lock(DSLContext db, UUID tenantId, UUID runId) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(runId))
        .forNoKeyUpdate()
        .of(RUN)
        .fetchOptional(RunRows::run);
  }

  /// The whole of a run.
  public Optional<Run> find(DSLContext db, UUID tenantId, UUID runId) {
    return db.select(RunRows.whole(clock))
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(runId))
        .fetchOptional(RunRows::run);
  }

  /// The runs that have to do with a key and have not ended, those that wait first, by the indexes
  /// of either kind.
  List<Run> unfinished(DSLContext db, UUID tenantId, UUID key) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.CONCURRENCY_KEY.eq(key))
        .and(RunRows.is(EnumSet.of(RunState.PENDING)).or(RunRows.is(RunState.allActive())))
        .orderBy(
            case_().when(RUN.STATE.eq(RunState.PENDING.name()), val(0)).otherwise(1),
            RUN.CREATED_AT,
            RUN.RUN_ID)
        .forNoKeyUpdate()
        .of(RUN)
        .fetch(RunRows::run);
  }

  /// The one that is active of a key, by its index.
  Optional<UUID> active(DSLContext db, UUID tenantId, UUID key) {
    return db.select(RUN.RUN_ID)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.CONCURRENCY_KEY.eq(key))
        .and(RunRows.is(RunState.allActive()))
        .fetchOptional(RUN.RUN_ID);
  }

  /// The one that has waited longest for a key, locked.
  Optional<Run> oldestPending(DSLContext db, UUID tenantId, UUID key) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.CONCURRENCY_KEY.eq(key))
        .and(RunRows.is(EnumSet.of(RunState.PENDING)))
        .orderBy(RUN.CREATED_AT, RUN.RUN_ID)
        .limit(1)
        .forNoKeyUpdate()
        .of(RUN)
        .fetchOptional(RunRows::run);
  }

  /// Makes a run that is PENDING, QUEUED or, where it executes itself, RUNNING.
  Run insert(DSLContext db, Draft draft, RunState state, RunLimits limits) {
    var running = state == RunState.RUNNING;
    return db.insertInto(RUN)
        .set(RUN.TENANT_ID, draft.key().tenantId())
        .set(RUN.RUN_ID, draft.key().runId())
        .set(RUN.USER_ID, draft.key().userId())
        .set(RUN.SESSION_ID, draft.key().sessionId())
        .set(RUN.CONVERSATION_ID, draft.key().conversationId())
        .set(RUN.AGENT_ID, draft.agentId())
        .set(RUN.AGENT_VERSION, draft.agentId() == null ? null : draft.agentVersion())
        .set(RUN.TYPE, draft.type())
        .set(RUN.QUEUE, draft.queue())
        .set(RUN.SELF_EXECUTE, draft.selfExecute())
        .set(RUN.STATE, state.name())
        .set(RUN.CONCURRENCY_KEY, draft.concurrencyKey())
        .set(RUN.INPUT_MESSAGE_ID, draft.inputMessageId())
        .set(RUN.PARENT_RUN_ID, draft.parentRunId())
        .set(RUN.RETRY_OF_RUN_ID, draft.retryOfRunId())
        .set(RUN.EXTERNAL_SESSION_ID, draft.externalSessionId())
        .set(RUN.EXTERNAL_ID, draft.externalId())
        .set(RUN.METADATA, JSONB.valueOf(MetadataJson.write(draft.metadata())))
        .set(RUN.INPUT, RunRows.jsonb(draft.input()))
        .set(RUN.ATTEMPT, running ? 1 : 0)
        .set(RUN.MAX_ATTEMPTS, draft.maxAttempts())
        .set(RUN.LEASE_EPOCH, running ? 1L : 0L)
        .set(RUN.HOLDER_ID, running ? draft.creatorId() : null)
        .set(
            RUN.LEASE_EXPIRES_AT,
            running ? clock.in(limits.lease()) : castNull(RUN.LEASE_EXPIRES_AT))
        .set(RUN.ELIGIBLE_AT, state == RunState.QUEUED ? clock.now() : castNull(RUN.ELIGIBLE_AT))
        .set(RUN.DEADLINE_AT, clock.in(draft.timeout()))
        .set(RUN.PAUSE_REQUESTED, false)
        .set(RUN.INPUT_SEQ, 0L)
        .set(RUN.STEP_COUNT, 0)
        .set(RUN.VERSION, 1L)
        .set(RUN.CREATED_AT, clock.now())
        .set(RUN.STARTED_AT, running ? clock.now() : castNull(RUN.STARTED_AT))
        .set(RUN.ACTIVE_SINCE, running ? clock.now() : castNull(RUN.ACTIVE_SINCE))
        .set(RUN.UPDATED_AT, clock.now())
        .returningResult(RunRows.whole(clock))
        .fetchSingle(RunRows::run);
  }

  /// To be leased by a worker, now or after a pause.
  Run queue(DSLContext db, Run run, Duration pause) {
    return move(db, run, RunState.QUEUED, Map.of(RUN.ELIGIBLE_AT, clock.in(pause)));
  }

  /// The same as [#queue], of an attempt that did not count.
  Run giveBack(DSLContext db, Run run) {
    return move(
        db,
        run,
        RunState.QUEUED,
        Map.of(RUN.ELIGIBLE_AT, clock.now(), RUN.ATTEMPT, RUN.ATTEMPT.minus(1)));
  }

  /// To its worker, by a new lease.
  public Run lease(DSLContext db, Run run, UUID holder, Duration lease) {
    return move(
        db,
        run,
        RunState.RUNNING,
        Map.of(
            RUN.ATTEMPT,
            RUN.ATTEMPT.plus(1),
            RUN.LEASE_EPOCH,
            RUN.LEASE_EPOCH.plus(1),
            RUN.HOLDER_ID,
            val(holder),
            RUN.LEASE_EXPIRES_AT,
            clock.in(lease),
            RUN.STARTED_AT,
            coalesce(RUN.STARTED_AT, clock.now())));
  }

  /// On with the lease it had: nobody else executes it.
  Run goOn(DSLContext db, Run run, Duration lease) {
    return move(db, run, RunState.RUNNING, Map.of(RUN.LEASE_EXPIRES_AT, clock.in(lease)));
  }

  Run await(DSLContext db, Run run, Duration patience) {
    return move(
        db, run, RunState.REQUIRES_ACTION, Map.of(RUN.ACTION_EXPIRES_AT, clock.in(patience)));
  }

  Run pause(DSLContext db, Run run) {
    return move(db, run, RunState.PAUSED, Map.of());
  }

  Run cancelling(DSLContext db, Run run, Duration grace, @Nullable UUID supersededBy) {
    return move(
        db,
        run,
        RunState.CANCELLING,
        Map.of(
            RUN.LEASE_EXPIRES_AT,
            clock.in(grace),
            RUN.SUPERSEDED_BY,
            val(supersededBy, RUN.SUPERSEDED_BY)));
  }

  Run end(DSLContext db, Run run, RunState state, Outcome outcome, @Nullable UUID supersededBy) {
    var fault = outcome.fault();
    return move(
        db,
        run,
        state,
        Map.of(
            RUN.ENDED_AT,
            clock.now(),
            RUN.ERROR_REASON,
            val(fault == null ? null : fault.reason(), RUN.ERROR_REASON),
            RUN.ERROR_MESSAGE,
            val(fault == null ? null : fault.message(), RUN.ERROR_MESSAGE),
            RUN.OUTPUT,
            val(RunRows.jsonb(outcome.output()), RUN.OUTPUT),
            RUN.OUTPUT_MESSAGE_ID,
            val(outcome.outputMessageId(), RUN.OUTPUT_MESSAGE_ID),
            RUN.SUPERSEDED_BY,
            val(supersededBy, RUN.SUPERSEDED_BY)));
  }

  /// A lease, a pause and a question are gone with the state they belong to.
  private Run move(DSLContext db, Run run, RunState to, Map<? extends Field<?>, ?> values) {
    if (!run.state().next().contains(to)) {
      throw new IllegalStateException(run.id() + " is " + run.state() + ", and cannot be " + to);
    }
    var all = new LinkedHashMap<Field<?>, Object>();
    all.put(RUN.LEASE_EXPIRES_AT, null);
    all.put(RUN.ELIGIBLE_AT, null);
    all.put(RUN.ACTION_EXPIRES_AT, null);
    all.put(RUN.PAUSE_REQUESTED, false);
    all.put(RUN.STATE, to.name());
    if (run.state().leased() != to.leased()) {
      all.put(RUN.ACTIVE_SINCE, to.leased() ? clock.now() : null);
      all.put(RUN.ACTIVE_MS, run.activeUntilRead().toMillis());
    }
    all.put(RUN.VERSION, RUN.VERSION.plus(1));
    all.put(RUN.UPDATED_AT, clock.now());
    all.putAll(values);
    return db.update(RUN)
        .set(all)
        .where(RUN.TENANT_ID.eq(run.tenantId()))
        .and(RUN.RUN_ID.eq(run.id()))
        .returningResult(RunRows.small(clock))
        .fetchSingle(RunRows::run);
  }

  void requestPause(DSLContext db, Run run, boolean requested) {
    db.update(RUN)
        .set(RUN.PAUSE_REQUESTED, requested)
        .set(RUN.VERSION, RUN.VERSION.plus(1))
        .set(RUN.UPDATED_AT, clock.now())
        .where(RUN.TENANT_ID.eq(run.tenantId()))
        .and(RUN.RUN_ID.eq(run.id()))
        .execute();
  }

  /// An agent SDK's own session, as its worker has told.
  public void remember(DSLContext db, Run run, String externalSessionId) {
    db.update(RUN)
        .set(RUN.EXTERNAL_SESSION_ID, externalSessionId)
        .where(RUN.TENANT_ID.eq(run.tenantId()))
        .and(RUN.RUN_ID.eq(run.id()))
        .execute();
  }

  /// Nobody is asked any more. Says whether anybody was.
  boolean cancelInterrupts(DSLContext db, Run run, boolean expired) {
    return db.update(RUN_INTERRUPT)
            .set(RUN_INTERRUPT.STATE, expired ? "EXPIRED" : "CANCELLED")
            .set(RUN_INTERRUPT.ENDED_AT, clock.now())
            .where(RUN_INTERRUPT.TENANT_ID.eq(run.tenantId()))
            .and(RUN_INTERRUPT.RUN_ID.eq(run.id()))
            .and(RUN_INTERRUPT.STATE.eq(inline("OPEN")))
            .execute()
        > 0;
  }

  void removeSteps(DSLContext db, Run run) {
    db.deleteFrom(RUN_STEP)
        .where(RUN_STEP.TENANT_ID.eq(run.tenantId()))
        .and(RUN_STEP.RUN_ID.eq(run.id()))
        .execute();
  }
}
