package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.BUDGET_PAUSE;
import static dev.agentserver.agentrun.db.Tables.BUDGET_PERIOD;
import static dev.agentserver.agentrun.ledger.budget.BudgetStore.time;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.agentrun.ledger.budget.Budget.Period;
import dev.agentserver.agentrun.ledger.record.Spending.Spent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;

/// Which runs wait for which budgets.
final class PauseStore {
  /// Returns whether it did not wait for that before.
  boolean insert(DSLContext db, Spent spent, Instant now) {
    return db.insertInto(BUDGET_PAUSE)
            .set(BUDGET_PAUSE.TENANT_ID, spent.tenantId())
            .set(BUDGET_PAUSE.RUN_ID, spent.runId())
            .set(BUDGET_PAUSE.BUDGET_ID, spent.budgetId())
            .set(BUDGET_PAUSE.PAUSED_AT, time(now))
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  void delete(DSLContext db, Spent spent) {
    db.deleteFrom(BUDGET_PAUSE)
        .where(BUDGET_PAUSE.TENANT_ID.eq(spent.tenantId()))
        .and(BUDGET_PAUSE.RUN_ID.eq(spent.runId()))
        .and(BUDGET_PAUSE.BUDGET_ID.eq(spent.budgetId()))
        .execute();
  }

  boolean waits(DSLContext db, UUID tenantId, UUID runId) {
    return db.fetchExists(
        BUDGET_PAUSE, BUDGET_PAUSE.TENANT_ID.eq(tenantId).and(BUDGET_PAUSE.RUN_ID.eq(runId)));
  }

  /// Those that wait for a budget.
  List<Spent> of(DSLContext db, UUID tenantId, UUID budgetId) {
    return db.select(BUDGET_PAUSE.TENANT_ID, BUDGET_PAUSE.RUN_ID, BUDGET_PAUSE.BUDGET_ID)
        .from(BUDGET_PAUSE)
        .where(BUDGET_PAUSE.TENANT_ID.eq(tenantId))
        .and(BUDGET_PAUSE.BUDGET_ID.eq(budgetId))
        .orderBy(BUDGET_PAUSE.RUN_ID)
        .fetch(row -> new Spent(row.value1(), row.value2(), row.value3()));
  }

  /// Those whose budget is not spent any more, of all tenants.
  List<Spent> free(DSLContext db, Instant now, int limit) {
    var used = coalesce(BUDGET_PERIOD.SETTLED.plus(BUDGET_PERIOD.HELD), inline(BigDecimal.ZERO));
    return db.select(BUDGET_PAUSE.TENANT_ID, BUDGET_PAUSE.RUN_ID, BUDGET_PAUSE.BUDGET_ID)
        .from(BUDGET_PAUSE)
        .join(BUDGET)
        .on(BUDGET.TENANT_ID.eq(BUDGET_PAUSE.TENANT_ID))
        .and(BUDGET.BUDGET_ID.eq(BUDGET_PAUSE.BUDGET_ID))
        .leftJoin(BUDGET_PERIOD)
        .on(BUDGET_PERIOD.TENANT_ID.eq(BUDGET.TENANT_ID))
        .and(BUDGET_PERIOD.BUDGET_ID.eq(BUDGET.BUDGET_ID))
        .and(BUDGET_PERIOD.STARTS_AT.eq(start(now)))
        .where(used.lt(BUDGET.LIMIT_AMOUNT).or(not(BUDGET.HARD)))
        .orderBy(BUDGET_PAUSE.PAUSED_AT, BUDGET_PAUSE.RUN_ID)
        .limit(limit)
        .fetch(row -> new Spent(row.value1(), row.value2(), row.value3()));
  }

  private static Field<OffsetDateTime> start(Instant now) {
    return when(BUDGET.PERIOD.eq(Period.DAY.name()), val(time(Period.DAY.start(now))))
        .when(BUDGET.PERIOD.eq(Period.WEEK.name()), val(time(Period.WEEK.start(now))))
        .when(BUDGET.PERIOD.eq(Period.MONTH.name()), val(time(Period.MONTH.start(now))))
        .otherwise(val(time(Period.TOTAL.start(now))));
  }
}
