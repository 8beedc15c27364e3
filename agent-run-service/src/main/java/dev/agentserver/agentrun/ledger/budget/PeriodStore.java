package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.BUDGET_ALERT;
import static dev.agentserver.agentrun.db.Tables.BUDGET_PERIOD;
import static dev.agentserver.agentrun.ledger.budget.BudgetStore.time;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;

import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.kit.db.ArrayTable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;

/// The rows of periods: what was spent of budgets, and what is reserved.
final class PeriodStore {
  /// What is added to a period.
  record Change(PeriodKey key, BigDecimal settled, BigDecimal held) {
    Change plus(Change other) {
      return new Change(key, settled.add(other.settled), held.add(other.held));
    }
  }

  /// Locks periods in their order; those that have not begun begin with what the ledger says.
  Map<PeriodKey, Balance> lock(DSLContext db, Collection<PeriodKey> keys) {
    var sorted = new TreeSet<>(keys);
    var found = locked(db, sorted);
    if (found.size() < sorted.size()) {
      var missing = new TreeSet<>(sorted);
      missing.removeAll(found.keySet());
      begin(db, missing);
      found = locked(db, sorted);
    }
    return found;
  }

  private static Map<PeriodKey, Balance> locked(DSLContext db, Collection<PeriodKey> keys) {
    var given = given(keys);
    return balances(
        db.select(
                BUDGET_PERIOD.TENANT_ID,
                BUDGET_PERIOD.BUDGET_ID,
                BUDGET_PERIOD.STARTS_AT,
                BUDGET_PERIOD.SETTLED,
                BUDGET_PERIOD.HELD)
            .from(BUDGET_PERIOD)
            .join(given.table())
            .on(BUDGET_PERIOD.TENANT_ID.eq(given.field(BUDGET_PERIOD.TENANT_ID)))
            .and(BUDGET_PERIOD.BUDGET_ID.eq(given.field(BUDGET_PERIOD.BUDGET_ID)))
            .and(BUDGET_PERIOD.STARTS_AT.eq(given.field(BUDGET_PERIOD.STARTS_AT)))
            .orderBy(BUDGET_PERIOD.TENANT_ID, BUDGET_PERIOD.BUDGET_ID, BUDGET_PERIOD.STARTS_AT)
            .forNoKeyUpdate()
            .of(BUDGET_PERIOD)
            .fetch(PeriodStore::balance));
  }

  private static void begin(DSLContext db, Collection<PeriodKey> keys) {
    var given = given(keys);
    var start = given.field(BUDGET_PERIOD.STARTS_AT);
    db.insertInto(
            BUDGET_PERIOD,
            BUDGET_PERIOD.TENANT_ID,
            BUDGET_PERIOD.BUDGET_ID,
            BUDGET_PERIOD.STARTS_AT,
            BUDGET_PERIOD.SETTLED,
            BUDGET_PERIOD.HELD)
        .select(
            select(
                    BUDGET.TENANT_ID,
                    BUDGET.BUDGET_ID,
                    start,
                    SpentFields.of(start),
                    inline(BigDecimal.ZERO))
                .from(BUDGET)
                .join(given.table())
                .on(BUDGET.TENANT_ID.eq(given.field(BUDGET_PERIOD.TENANT_ID)))
                .and(BUDGET.BUDGET_ID.eq(given.field(BUDGET_PERIOD.BUDGET_ID))))
        .onConflictDoNothing()
        .execute();
  }

  private static ArrayTable<PeriodKey> given(Collection<PeriodKey> keys) {
    return ArrayTable.of("given", keys)
        .with(BUDGET_PERIOD.TENANT_ID, PeriodKey::tenantId)
        .with(BUDGET_PERIOD.BUDGET_ID, PeriodKey::budgetId)
        .with(BUDGET_PERIOD.STARTS_AT, key -> time(key.start()));
  }

  /// Adds to periods that are locked, and returns what has become of them.
  Map<PeriodKey, Balance> add(DSLContext db, Collection<Change> changes) {
    var given =
        ArrayTable.of("given", changes)
            .with(BUDGET_PERIOD.TENANT_ID, change -> change.key().tenantId())
            .with(BUDGET_PERIOD.BUDGET_ID, change -> change.key().budgetId())
            .with(BUDGET_PERIOD.STARTS_AT, change -> time(change.key().start()))
            .with(BUDGET_PERIOD.SETTLED, Change::settled)
            .with(BUDGET_PERIOD.HELD, Change::held);
    return balances(
        db.update(BUDGET_PERIOD)
            .set(
                BUDGET_PERIOD.SETTLED,
                BUDGET_PERIOD.SETTLED.plus(given.field(BUDGET_PERIOD.SETTLED)))
            .set(BUDGET_PERIOD.HELD, BUDGET_PERIOD.HELD.plus(given.field(BUDGET_PERIOD.HELD)))
            .from(given.table())
            .where(BUDGET_PERIOD.TENANT_ID.eq(given.field(BUDGET_PERIOD.TENANT_ID)))
            .and(BUDGET_PERIOD.BUDGET_ID.eq(given.field(BUDGET_PERIOD.BUDGET_ID)))
            .and(BUDGET_PERIOD.STARTS_AT.eq(given.field(BUDGET_PERIOD.STARTS_AT)))
            .returningResult(
                BUDGET_PERIOD.TENANT_ID,
                BUDGET_PERIOD.BUDGET_ID,
                BUDGET_PERIOD.STARTS_AT,
                BUDGET_PERIOD.SETTLED,
                BUDGET_PERIOD.HELD)
            .fetch(PeriodStore::balance));
  }

  /// Notes that a threshold was reached. Returns whether nobody had noted it.
  boolean alert(DSLContext db, Balance balance, int threshold, Instant now) {
    return db.insertInto(BUDGET_ALERT)
            .set(BUDGET_ALERT.TENANT_ID, balance.key().tenantId())
            .set(BUDGET_ALERT.BUDGET_ID, balance.key().budgetId())
            .set(BUDGET_ALERT.STARTS_AT, time(balance.key().start()))
            .set(BUDGET_ALERT.THRESHOLD, threshold)
            .set(BUDGET_ALERT.SETTLED, balance.settled())
            .set(BUDGET_ALERT.CREATED_AT, time(now))
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  /// What has become of periods, as far as they have begun.
  Map<PeriodKey, Balance> balances(DSLContext db, Collection<PeriodKey> keys) {
    var given = given(keys);
    return balances(
        db.select(
                BUDGET_PERIOD.TENANT_ID,
                BUDGET_PERIOD.BUDGET_ID,
                BUDGET_PERIOD.STARTS_AT,
                BUDGET_PERIOD.SETTLED,
                BUDGET_PERIOD.HELD)
            .from(BUDGET_PERIOD)
            .join(given.table())
            .on(BUDGET_PERIOD.TENANT_ID.eq(given.field(BUDGET_PERIOD.TENANT_ID)))
            .and(BUDGET_PERIOD.BUDGET_ID.eq(given.field(BUDGET_PERIOD.BUDGET_ID)))
            .and(BUDGET_PERIOD.STARTS_AT.eq(given.field(BUDGET_PERIOD.STARTS_AT)))
            .fetch(PeriodStore::balance));
  }

  /// The thresholds that were reached.
  Map<PeriodKey, List<Integer>> alerts(DSLContext db, UUID tenantId, Collection<PeriodKey> keys) {
    var alerts = new HashMap<PeriodKey, List<Integer>>();
    db.select(BUDGET_ALERT.BUDGET_ID, BUDGET_ALERT.STARTS_AT, BUDGET_ALERT.THRESHOLD)
        .from(BUDGET_ALERT)
        .where(BUDGET_ALERT.TENANT_ID.eq(tenantId))
        .and(
            BUDGET_ALERT.BUDGET_ID.eq(
                any(keys.stream().map(PeriodKey::budgetId).toArray(UUID[]::new))))
        .orderBy(BUDGET_ALERT.THRESHOLD)
        .forEach(
            row ->
                alerts
                    .computeIfAbsent(
                        new PeriodKey(tenantId, row.value1(), row.value2().toInstant()),
                        _ -> new ArrayList<>())
                    .add(row.value3()));
    return alerts;
  }

  private static Map<PeriodKey, Balance> balances(List<Balance> rows) {
    var balances = new HashMap<PeriodKey, Balance>();
    rows.forEach(balance -> balances.put(balance.key(), balance));
    return balances;
  }

  private static Balance balance(Record row) {
    return new Balance(
        new PeriodKey(
            row.get(BUDGET_PERIOD.TENANT_ID),
            row.get(BUDGET_PERIOD.BUDGET_ID),
            row.get(BUDGET_PERIOD.STARTS_AT).toInstant()),
        row.get(BUDGET_PERIOD.SETTLED),
        row.get(BUDGET_PERIOD.HELD));
  }
}
