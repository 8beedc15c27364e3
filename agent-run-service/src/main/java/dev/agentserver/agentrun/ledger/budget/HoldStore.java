package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.db.Tables.BUDGET_HOLD;
import static dev.agentserver.agentrun.db.Tables.BUDGET_HOLD_PERIOD;
import static dev.agentserver.agentrun.ledger.budget.BudgetStore.time;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.agentrun.ledger.budget.Hold.State;
import dev.agentserver.kit.db.ArrayTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// The rows of holds.
final class HoldStore {
  /// Locks holds of a tenant in the order of their ids.
  Map<UUID, Hold> lock(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    var wanted = ids.toArray(UUID[]::new);
    var locked =
        db.select(
                BUDGET_HOLD.HOLD_ID,
                BUDGET_HOLD.USER_ID,
                BUDGET_HOLD.RUN_ID,
                BUDGET_HOLD.AMOUNT,
                BUDGET_HOLD.STATE,
                BUDGET_HOLD.EXPIRES_AT)
            .from(BUDGET_HOLD)
            .where(BUDGET_HOLD.TENANT_ID.eq(tenantId))
            .and(BUDGET_HOLD.HOLD_ID.eq(any(wanted)))
            .orderBy(BUDGET_HOLD.HOLD_ID)
            .forNoKeyUpdate()
            .fetch();
    var periods = periods(db, tenantId, wanted);
    var holds = new HashMap<UUID, Hold>();
    for (var row : locked) {
      holds.put(
          row.value1(),
          new Hold(
              tenantId,
              row.value1(),
              row.value2(),
              row.value3(),
              row.value4(),
              State.valueOf(row.value5()),
              row.value6().toInstant(),
              periods.getOrDefault(row.value1(), List.of())));
    }
    return holds;
  }

  private static Map<UUID, List<PeriodKey>> periods(DSLContext db, UUID tenantId, UUID[] ids) {
    var periods = new HashMap<UUID, List<PeriodKey>>();
    db.select(
            BUDGET_HOLD_PERIOD.HOLD_ID, BUDGET_HOLD_PERIOD.BUDGET_ID, BUDGET_HOLD_PERIOD.STARTS_AT)
        .from(BUDGET_HOLD_PERIOD)
        .where(BUDGET_HOLD_PERIOD.TENANT_ID.eq(tenantId))
        .and(BUDGET_HOLD_PERIOD.HOLD_ID.eq(any(ids)))
        .orderBy(BUDGET_HOLD_PERIOD.HOLD_ID, BUDGET_HOLD_PERIOD.BUDGET_ID)
        .forEach(
            row ->
                periods
                    .computeIfAbsent(row.value1(), _ -> new ArrayList<>())
                    .add(new PeriodKey(tenantId, row.value2(), row.value3().toInstant())));
    return periods;
  }

  void insert(DSLContext db, Hold hold, Attribution who, Instant now) {
    db.insertInto(BUDGET_HOLD)
        .set(BUDGET_HOLD.TENANT_ID, hold.tenantId())
        .set(BUDGET_HOLD.HOLD_ID, hold.id())
        .set(BUDGET_HOLD.USER_ID, who.userId())
        .set(BUDGET_HOLD.AGENT_ID, who.agentId())
        .set(BUDGET_HOLD.RUN_ID, who.runId())
        .set(BUDGET_HOLD.SESSION_ID, who.sessionId())
        .set(BUDGET_HOLD.PROJECT_ID, who.projectId())
        .set(BUDGET_HOLD.AMOUNT, hold.amount())
        .set(BUDGET_HOLD.STATE, hold.state().name())
        .set(BUDGET_HOLD.CREATED_AT, time(now))
        .set(BUDGET_HOLD.EXPIRES_AT, time(hold.expiresAt()))
        .execute();
    if (hold.periods().isEmpty()) {
      return;
    }
    var given =
        ArrayTable.of("given", hold.periods())
            .with(BUDGET_HOLD_PERIOD.TENANT_ID, _ -> hold.tenantId())
            .with(BUDGET_HOLD_PERIOD.HOLD_ID, _ -> hold.id())
            .with(BUDGET_HOLD_PERIOD.BUDGET_ID, PeriodKey::budgetId)
            .with(BUDGET_HOLD_PERIOD.STARTS_AT, key -> time(key.start()));
    var columns =
        given.fields().stream().map(one -> BUDGET_HOLD_PERIOD.field(one.getName())).toList();
    db.insertInto(BUDGET_HOLD_PERIOD, columns)
        .select(select(given.fields()).from(given.table()))
        .execute();
  }

  void extend(DSLContext db, Hold hold) {
    db.update(BUDGET_HOLD)
        .set(BUDGET_HOLD.AMOUNT, hold.amount())
        .set(BUDGET_HOLD.EXPIRES_AT, time(hold.expiresAt()))
        .where(BUDGET_HOLD.TENANT_ID.eq(hold.tenantId()))
        .and(BUDGET_HOLD.HOLD_ID.eq(hold.id()))
        .execute();
  }

  void end(DSLContext db, UUID tenantId, Collection<UUID> ids, State state, Instant now) {
    db.update(BUDGET_HOLD)
        .set(BUDGET_HOLD.STATE, state.name())
        .set(BUDGET_HOLD.ENDED_AT, time(now))
        .where(BUDGET_HOLD.TENANT_ID.eq(tenantId))
        .and(BUDGET_HOLD.HOLD_ID.eq(any(ids.toArray(UUID[]::new))))
        .execute();
  }

  /// The open ones whose time is over, of all tenants.
  Map<UUID, List<UUID>> due(DSLContext db, Instant now, int limit) {
    return db.select(BUDGET_HOLD.TENANT_ID, BUDGET_HOLD.HOLD_ID)
        .from(BUDGET_HOLD)
        .where(BUDGET_HOLD.STATE.eq(inline(State.OPEN.name()))) // so says the index
        .and(BUDGET_HOLD.EXPIRES_AT.le(time(now)))
        .orderBy(BUDGET_HOLD.EXPIRES_AT)
        .limit(limit)
        .fetchGroups(BUDGET_HOLD.TENANT_ID, BUDGET_HOLD.HOLD_ID);
  }
}
