package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.budget.Budget.Period;
import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.agentrun.ledger.budget.Budget.Scope;
import dev.agentserver.agentrun.ledger.budget.Budget.Terms;
import dev.agentserver.agentrun.ledger.budget.BudgetStore.Position;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes and changes budgets. While that is done nobody of the tenant writes usage: what was spent
/// before is counted by the ledger, and everything after by whoever writes it.
public final class Budgets {
  /// A budget and how it stands.
  ///
  /// @param start of the period at hand
  public record Status(
      Budget budget, Instant start, BigDecimal settled, BigDecimal held, List<Integer> alerts) {}

  /// @param next null: there are no more
  record Page(List<Status> budgets, @Nullable Position next) {}

  private static final int MOST = 1_000;

  private final Database database;
  private final Writes writes;
  private final Ids ids;
  private final Clock clock;
  private final BudgetStore store;
  private final PeriodStore periods;
  private final Alerts alerts;
  private final Pauses pauses;

  Budgets(
      Database database,
      Writes writes,
      Ids ids,
      Clock clock,
      BudgetStore store,
      PeriodStore periods,
      Alerts alerts,
      Pauses pauses) {
    this.database = database;
    this.writes = writes;
    this.ids = ids;
    this.clock = clock;
    this.store = store;
    this.periods = periods;
    this.alerts = alerts;
    this.pauses = pauses;
  }

  /// @param scopeId null: the tenant
  Status create(
      Caller caller,
      Attempt<Status> attempt,
      Scope scope,
      @Nullable UUID scopeId,
      Period period,
      Terms terms) {
    if ((scope == Scope.TENANT) != (scopeId == null)) {
      throw Problem.invalid("budget.scope_id", "is required but of the tenant, which has none");
    }
    var tenant = caller.tenantId();
    return writes.once(
        caller,
        attempt,
        db -> {
          store.exclude(db, tenant);
          if (store.count(db, tenant) >= MOST) {
            throw new Problem.Refused(
                    "TOO_MANY",
                    "the tenant has as many budgets as it may",
                    Map.of("resource", "budget", "limit", Integer.toString(MOST)))
                .raise();
          }
          var budget =
              store.insert(
                  db,
                  tenant,
                  ids.next(),
                  scope,
                  scopeId == null ? tenant : scopeId,
                  period,
                  terms,
                  now());
          balance(db, budget);
          return status(db, tenant, List.of(budget)).getFirst();
        });
  }

  Status get(Caller caller, UUID id) {
    return database.read(
        db -> status(db, caller.tenantId(), List.of(find(db, caller, id))).getFirst());
  }

  /// @param after the last of the page before; null: from the first
  Page list(Caller caller, @Nullable Position after, int size) {
    return database.read(
        db -> {
          var found = store.list(db, caller.tenantId(), after, size + 1);
          var page = found.size() > size ? found.subList(0, size) : found;
          var last = found.size() > size ? page.getLast() : null;
          return new Page(
              status(db, caller.tenantId(), page),
              last == null ? null : new Position(last.createdAt(), last.id()));
        });
  }

  /// The oldest budgets of a user, or of the tenant.
  ///
  /// @param userId null: of the tenant
  public List<Status> shown(DSLContext db, UUID tenantId, @Nullable UUID userId, int limit) {
    var budgets =
        userId == null
            ? store.list(db, tenantId, null, limit)
            : store.ofUser(db, tenantId, userId, limit);
    return status(db, tenantId, budgets);
  }

  /// @param etag the version that was read; empty: any
  Status update(Caller caller, Attempt<Status> attempt, UUID id, String etag, Terms terms) {
    var tenant = caller.tenantId();
    return writes.once(
        caller,
        attempt,
        db -> {
          store.exclude(db, tenant);
          var before = find(db, caller, id);
          var version = Long.toString(before.version());
          if (!etag.isEmpty() && !etag.equals(version)) {
            throw new Problem.Stale("budget", id.toString(), version).raise();
          }
          var budget = store.update(db, before, terms, now());
          var balance = balance(db, budget);
          if (!terms.hard() || !balance.isSpent(budget)) {
            pauses.resume(db, tenant, id);
          }
          return status(db, tenant, List.of(budget)).getFirst();
        });
  }

  boolean delete(Caller caller, Attempt<Boolean> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          store.exclude(db, caller.tenantId());
          find(db, caller, id);
          pauses.resume(db, caller.tenantId(), id);
          store.delete(db, caller.tenantId(), id);
          return true;
        });
  }

  /// How the period at hand stands. What was reached before the budget was as it is now, is told of
  /// now.
  private Balance balance(DSLContext db, Budget budget) {
    var now = now();
    var key = budget.at(now);
    var balance = periods.lock(db, List.of(key)).get(key);
    alerts.give(db, budget, balance, now);
    return balance;
  }

  private Budget find(DSLContext db, Caller caller, UUID id) {
    return store
        .find(db, caller.tenantId(), id)
        .orElseThrow(() -> new Problem.NotFound("budget", id.toString()).raise());
  }

  private List<Status> status(DSLContext db, UUID tenantId, List<Budget> budgets) {
    var now = now();
    var keys = budgets.stream().map(budget -> budget.at(now)).toList();
    var balances = periods.balances(db, keys);
    var alerts = periods.alerts(db, tenantId, keys);
    return budgets.stream()
        .map(
            budget -> {
              PeriodKey key = budget.at(now);
              var nothing = new Balance(key, BigDecimal.ZERO, BigDecimal.ZERO);
              var balance = balances.getOrDefault(key, nothing);
              return new Status(
                  budget,
                  key.start(),
                  balance.settled(),
                  balance.held(),
                  alerts.getOrDefault(key, List.of()));
            })
        .toList();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
