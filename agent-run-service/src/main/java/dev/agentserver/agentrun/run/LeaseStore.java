package dev.agentserver.agentrun.run;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.RUN_LEASE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.unnest;

import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.SQLDataType;

/// Leases: who works on which run.
final class LeaseStore {
  /// Names a lease.
  record Name(UUID runId, long epoch) {}

  /// A lease and its run.
  record Held(long epoch, Run run) {}

  private static final List<String> LEASED =
      Stream.of(RunState.values()).filter(RunState::leased).map(RunState::name).toList();

  private final RunClock clock;

  LeaseStore(RunClock clock) {
    this.clock = clock;
  }

  /// Locks the run that has waited longest in the first of the queues that has one. Those that
  /// others are about to take are passed over.
  Optional<Run> next(DSLContext db, UUID tenantId, List<String> queues) {
    var queue = unnest(queues.toArray(String[]::new)).as("queue", "name");
    var name = queue.field("name", SQLDataType.VARCHAR);
    var head =
        lateral(
                select(RunRows.small(clock))
                    .from(RUN)
                    .where(RUN.TENANT_ID.eq(tenantId))
                    .and(RUN.QUEUE.eq(name))
                    .and(RunRows.is(EnumSet.of(RunState.QUEUED)))
                    .and(RUN.ELIGIBLE_AT.le(clock.now()))
                    .orderBy(RUN.ELIGIBLE_AT, RUN.RUN_ID)
                    .limit(1)
                    .forNoKeyUpdate()
                    .skipLocked())
            .as(RUN.getName());
    return db.select(head.fields())
        .from(queue, head)
        .limit(1)
        .fetchOptional(row -> RunRows.run(row.into(head.fields())));
  }

  void insert(DSLContext db, Run run, String requestId, Map<String, String> labels) {
    db.insertInto(RUN_LEASE)
        .set(RUN_LEASE.TENANT_ID, run.tenantId())
        .set(RUN_LEASE.RUN_ID, run.id())
        .set(RUN_LEASE.LEASE_EPOCH, run.progress().leaseEpoch())
        .set(RUN_LEASE.PRINCIPAL_ID, run.progress().holderId())
        .set(RUN_LEASE.REQUEST_ID, requestId)
        .set(RUN_LEASE.LABELS, JSONB.valueOf(MetadataJson.write(labels)))
        .set(RUN_LEASE.ACQUIRED_AT, clock.now())
        .execute();
  }

  /// The lease that somebody got by a request, and its run.
  Optional<Held> byRequest(DSLContext db, Caller caller, String requestId) {
    return db.select(RUN_LEASE.LEASE_EPOCH)
        .select(RunRows.small(clock))
        .from(RUN_LEASE)
        .join(RUN)
        .on(RUN.TENANT_ID.eq(RUN_LEASE.TENANT_ID))
        .and(RUN.RUN_ID.eq(RUN_LEASE.RUN_ID))
        .where(RUN_LEASE.TENANT_ID.eq(caller.tenantId()))
        .and(RUN_LEASE.PRINCIPAL_ID.eq(caller.principalId()))
        .and(RUN_LEASE.REQUEST_ID.eq(requestId))
        .and(RUN_LEASE.REQUEST_ID.ne(inline(""))) // so says the index
        .fetchOptional(row -> new Held(row.get(RUN_LEASE.LEASE_EPOCH), RunRows.run(row)));
  }

  /// The request may ask for another lease.
  void forget(DSLContext db, Run run) {
    db.update(RUN_LEASE)
        .set(RUN_LEASE.REQUEST_ID, "")
        .where(RUN_LEASE.TENANT_ID.eq(run.tenantId()))
        .and(RUN_LEASE.RUN_ID.eq(run.id()))
        .and(RUN_LEASE.LEASE_EPOCH.eq(run.progress().leaseEpoch()))
        .execute();
  }

  /// Locks a run of which the caller has, or had, this lease.
  Optional<Run> lock(DSLContext db, Caller caller, UUID runId, long epoch) {
    return of(db, caller, runId, epoch).forNoKeyUpdate().of(RUN).fetchOptional(RunRows::run);
  }

  /// The same, not locked.
  Optional<Run> had(DSLContext db, Caller caller, UUID runId, long epoch) {
    return of(db, caller, runId, epoch).fetchOptional(RunRows::run);
  }

  private SelectConditionStep<Record> of(DSLContext db, Caller caller, UUID runId, long epoch) {
    return db.select(RunRows.small(clock))
        .from(RUN)
        .join(RUN_LEASE)
        .on(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
        .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
        .where(RUN.TENANT_ID.eq(caller.tenantId()))
        .and(RUN.RUN_ID.eq(runId))
        .and(RUN_LEASE.LEASE_EPOCH.eq(epoch))
        .and(holds(caller, runId, epoch));
  }

  /// The runs of those of the leases that the caller holds.
  List<Run> held(DSLContext db, Caller caller, List<Name> leases) {
    return named(db, caller, leases).fetch(RunRows::run);
  }

  /// The same, locked: in the order of their ids, so that those who lock several never wait for
  /// each other.
  List<Run> lock(DSLContext db, Caller caller, List<Name> leases) {
    return named(db, caller, leases)
        .orderBy(RUN.RUN_ID)
        .forNoKeyUpdate()
        .of(RUN)
        .fetch(RunRows::run);
  }

  private SelectConditionStep<Record> named(DSLContext db, Caller caller, List<Name> leases) {
    var named =
        ArrayTable.of("named", leases)
            .with(RUN.RUN_ID, Name::runId)
            .with(RUN.LEASE_EPOCH, Name::epoch);
    return db.select(RunRows.small(clock))
        .from(named.table())
        .join(RUN)
        .on(RUN.TENANT_ID.eq(caller.tenantId()))
        .and(RUN.RUN_ID.eq(named.field(RUN.RUN_ID)))
        .and(RUN.LEASE_EPOCH.eq(named.field(RUN.LEASE_EPOCH)))
        .join(RUN_LEASE)
        .on(RUN_LEASE.TENANT_ID.eq(RUN.TENANT_ID))
        .and(RUN_LEASE.RUN_ID.eq(RUN.RUN_ID))
        .and(RUN_LEASE.LEASE_EPOCH.eq(RUN.LEASE_EPOCH))
        .where(RUN_LEASE.PRINCIPAL_ID.eq(caller.principalId()))
        .and(RUN.STATE.in(LEASED));
  }

  /// Whoever acquired the lease, and the token that came with it.
  private static Condition holds(Caller caller, UUID runId, long epoch) {
    var scope = caller.run();
    if (scope == null) {
      return RUN_LEASE.PRINCIPAL_ID.eq(caller.principalId());
    }
    return scope.runId().equals(runId) && scope.leaseEpoch() == epoch
        ? RUN.USER_ID.eq(caller.principalId())
        : falseCondition();
  }

  /// Keeps the leases of runs of a tenant up.
  List<Run> extend(DSLContext db, UUID tenantId, List<UUID> runs, Duration lease) {
    return db.update(RUN)
        .set(RUN.LEASE_EXPIRES_AT, clock.in(lease))
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.RUN_ID.eq(any(runs.toArray(UUID[]::new))))
        .returningResult(RunRows.small(clock))
        .fetch(RunRows::run);
  }
}
