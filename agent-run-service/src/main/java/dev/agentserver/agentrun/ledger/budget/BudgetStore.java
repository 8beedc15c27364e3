package dev.agentserver.agentrun.ledger.budget;

import static dev.agentserver.agentrun.db.Tables.BUDGET;
import static dev.agentserver.agentrun.db.Tables.BUDGET_TENANT;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.budget.Budget.Period;
import dev.agentserver.agentrun.ledger.budget.Budget.Scope;
import dev.agentserver.agentrun.ledger.budget.Budget.Terms;
import dev.agentserver.kit.db.ArrayTable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// The rows of budgets, and the row of each tenant that whoever changes them has alone.
final class BudgetStore {
  /// What usage may count in.
  private record Covered(UUID tenantId, Scope scope, UUID scopeId) {}

  /// The place of a budget in the list.
  record Position(Instant createdAt, UUID id) {}

  private static final List<Field<?>> COLUMNS =
      List.of(
          BUDGET.TENANT_ID,
          BUDGET.BUDGET_ID,
          BUDGET.NAME,
          BUDGET.SCOPE,
          BUDGET.SCOPE_ID,
          BUDGET.PERIOD,
          BUDGET.LIMIT_AMOUNT,
          BUDGET.HARD,
          BUDGET.THRESHOLDS,
          BUDGET.VERSION,
          BUDGET.CREATED_AT,
          BUDGET.UPDATED_AT);

  /// Keeps the budgets of these tenants as they are until the transaction ends.
  void share(DSLContext db, Collection<UUID> tenants) {
    var ids = tenants.toArray(UUID[]::new);
    if (shared(db, ids) < ids.length) {
      Arrays.stream(ids).sorted().forEach(id -> insertTenant(db, id));
      shared(db, ids);
    }
  }

  private static int shared(DSLContext db, UUID[] ids) {
    return db.select(BUDGET_TENANT.TENANT_ID)
        .from(BUDGET_TENANT)
        .where(BUDGET_TENANT.TENANT_ID.eq(any(ids)))
        .orderBy(BUDGET_TENANT.TENANT_ID)
        .forShare()
        .fetch()
        .size();
  }

  private static void insertTenant(DSLContext db, UUID id) {
    db.insertInto(BUDGET_TENANT).set(BUDGET_TENANT.TENANT_ID, id).onConflictDoNothing().execute();
  }

  /// Waits until nobody writes usage of the tenant, and lets nobody until the transaction ends.
  void exclude(DSLContext db, UUID tenantId) {
    insertTenant(db, tenantId);
    db.select(BUDGET_TENANT.TENANT_ID)
        .from(BUDGET_TENANT)
        .where(BUDGET_TENANT.TENANT_ID.eq(tenantId))
        .forUpdate()
        .fetchSingle();
  }

  /// Every budget that some of this usage counts in.
  List<Budget> covering(DSLContext db, Collection<Attribution> usage) {
    var covered = new LinkedHashSet<Covered>();
    for (var who : usage) {
      for (var scope : Scope.values()) {
        var id = scope.of(who);
        if (id != null) {
          covered.add(new Covered(who.tenantId(), scope, id));
        }
      }
    }
    var given =
        ArrayTable.of("given", covered)
            .with(BUDGET.TENANT_ID, Covered::tenantId)
            .with(BUDGET.SCOPE, one -> one.scope().name())
            .with(BUDGET.SCOPE_ID, Covered::scopeId);
    return db.select(COLUMNS)
        .from(BUDGET)
        .join(given.table())
        .on(BUDGET.TENANT_ID.eq(given.field(BUDGET.TENANT_ID)))
        .and(BUDGET.SCOPE.eq(given.field(BUDGET.SCOPE)))
        .and(BUDGET.SCOPE_ID.eq(given.field(BUDGET.SCOPE_ID)))
        .fetch(BudgetStore::budget);
  }

  Budget insert(
      DSLContext db,
      UUID tenantId,
      UUID id,
      Scope scope,
      UUID scopeId,
      Period period,
      Terms terms,
      Instant now) {
    return db.insertInto(BUDGET)
        .set(BUDGET.TENANT_ID, tenantId)
        .set(BUDGET.BUDGET_ID, id)
        .set(BUDGET.NAME, terms.name())
        .set(BUDGET.SCOPE, scope.name())
        .set(BUDGET.SCOPE_ID, scopeId)
        .set(BUDGET.PERIOD, period.name())
        .set(BUDGET.LIMIT_AMOUNT, terms.limit())
        .set(BUDGET.HARD, terms.hard())
        .set(BUDGET.THRESHOLDS, terms.thresholds().toArray(Integer[]::new))
        .set(BUDGET.VERSION, 1L)
        .set(BUDGET.CREATED_AT, time(now))
        .set(BUDGET.UPDATED_AT, time(now))
        .returning(COLUMNS)
        .fetchSingle(BudgetStore::budget);
  }

  Budget update(DSLContext db, Budget budget, Terms terms, Instant now) {
    return db.update(BUDGET)
        .set(BUDGET.NAME, terms.name())
        .set(BUDGET.LIMIT_AMOUNT, terms.limit())
        .set(BUDGET.HARD, terms.hard())
        .set(BUDGET.THRESHOLDS, terms.thresholds().toArray(Integer[]::new))
        .set(BUDGET.VERSION, BUDGET.VERSION.plus(1))
        .set(BUDGET.UPDATED_AT, time(now))
        .where(BUDGET.TENANT_ID.eq(budget.tenantId()))
        .and(BUDGET.BUDGET_ID.eq(budget.id()))
        .returning(COLUMNS)
        .fetchSingle(BudgetStore::budget);
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(BUDGET)
        .where(BUDGET.TENANT_ID.eq(tenantId))
        .and(BUDGET.BUDGET_ID.eq(id))
        .execute();
  }

  int count(DSLContext db, UUID tenantId) {
    return db.fetchCount(BUDGET, BUDGET.TENANT_ID.eq(tenantId));
  }

  Optional<Budget> find(DSLContext db, UUID tenantId, UUID id) {
    return db.select(COLUMNS)
        .from(BUDGET)
        .where(BUDGET.TENANT_ID.eq(tenantId))
        .and(BUDGET.BUDGET_ID.eq(id))
        .fetchOptional(BudgetStore::budget);
  }

  /// @param after the last of the page before; null: from the first
  List<Budget> list(DSLContext db, UUID tenantId, @Nullable Position after, int limit) {
    return db.select(COLUMNS)
        .from(BUDGET)
        .where(BUDGET.TENANT_ID.eq(tenantId))
        .and(
            after == null
                ? noCondition()
                : row(BUDGET.CREATED_AT, BUDGET.BUDGET_ID)
                    .gt(row(val(time(after.createdAt())), val(after.id()))))
        .orderBy(BUDGET.CREATED_AT, BUDGET.BUDGET_ID)
        .limit(limit)
        .fetch(BudgetStore::budget);
  }

  List<Budget> ofUser(DSLContext db, UUID tenantId, UUID userId, int limit) {
    return db.select(COLUMNS)
        .from(BUDGET)
        .where(BUDGET.TENANT_ID.eq(tenantId))
        .and(BUDGET.SCOPE.eq(Scope.USER.name()))
        .and(BUDGET.SCOPE_ID.eq(userId))
        .orderBy(BUDGET.CREATED_AT, BUDGET.BUDGET_ID)
        .limit(limit)
        .fetch(BudgetStore::budget);
  }

  private static Budget budget(Record row) {
    return new Budget(
        row.get(BUDGET.TENANT_ID),
        row.get(BUDGET.BUDGET_ID),
        Scope.valueOf(row.get(BUDGET.SCOPE)),
        row.get(BUDGET.SCOPE_ID),
        Period.valueOf(row.get(BUDGET.PERIOD)),
        new Terms(
            row.get(BUDGET.NAME),
            row.get(BUDGET.LIMIT_AMOUNT),
            row.get(BUDGET.HARD),
            List.of(row.get(BUDGET.THRESHOLDS))),
        row.get(BUDGET.VERSION),
        row.get(BUDGET.CREATED_AT).toInstant(),
        row.get(BUDGET.UPDATED_AT).toInstant());
  }

  static OffsetDateTime time(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
