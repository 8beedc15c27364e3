package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.agentrun.ledger.budget.Hold.State;
import dev.agentserver.agentrun.ledger.budget.PeriodStore.Change;
import dev.agentserver.agentrun.ledger.record.Purposes;
import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.ledger.record.Spending.Spent;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// Reserves from budgets: from all that usage will count in, or from none. At no moment is more
/// reserved and spent than a hard limit, unless what was spent cost more than was reserved for it.
public final class Holds {
  private static final int PAGE = 100;
  private static final String EXCEEDED = "BUDGET_EXCEEDED";

  private final Database database;
  private final Writes writes;
  private final Ids ids;
  private final Clock clock;
  private final Purposes purposes;
  private final BudgetStore budgets;
  private final PeriodStore periods;
  private final HoldStore holds;
  private final Pauses pauses;

  Holds(
      Database database,
      Writes writes,
      Ids ids,
      Clock clock,
      Purposes purposes,
      BudgetStore budgets,
      PeriodStore periods,
      HoldStore holds,
      Pauses pauses) {
    this.database = database;
    this.writes = writes;
    this.ids = ids;
    this.clock = clock;
    this.purposes = purposes;
    this.budgets = budgets;
    this.periods = periods;
    this.holds = holds;
    this.pauses = pauses;
  }

  Hold reserve(
      Caller caller, Attempt<Hold> attempt, Purpose purpose, BigDecimal amount, Duration ttl) {
    var who = purposes.resolve(caller, purpose).who();
    return pausing(
        who,
        () ->
            writes.once(
                caller,
                attempt,
                db -> {
                  budgets.share(db, List.of(who.tenantId()));
                  var now = now();
                  var covering = budgets.covering(db, List.of(who));
                  var keys = covering.stream().map(budget -> budget.at(now)).toList();
                  take(db, covering, keys, amount);
                  var hold =
                      new Hold(
                          who.tenantId(),
                          ids.next(),
                          who.userId(),
                          who.runId(),
                          amount,
                          State.OPEN,
                          now.plus(ttl),
                          keys);
                  holds.insert(db, hold, who, now);
                  return hold;
                }));
  }

  /// @param more zero: nothing
  Hold extend(Caller caller, Attempt<Hold> attempt, UUID holdId, BigDecimal more, Duration ttl) {
    return writes.once(
        caller,
        attempt,
        db -> {
          budgets.share(db, List.of(caller.tenantId()));
          var hold = seen(db, caller, holdId);
          if (hold.state() != State.OPEN) {
            throw new Problem.Refused(
                    "HOLD_ENDED",
                    "the hold is " + hold.state(),
                    Map.of("id", holdId.toString(), "state", hold.state().name()))
                .raise();
          }
          if (more.signum() > 0) {
            take(db, of(db, hold), hold.periods(), more);
          }
          var extended = hold.with(hold.amount().add(more), State.OPEN, now().plus(ttl));
          holds.extend(db, extended);
          return extended;
        });
  }

  private List<Budget> of(DSLContext db, Hold hold) {
    return hold.periods().stream()
        .flatMap(key -> budgets.find(db, key.tenantId(), key.budgetId()).stream())
        .toList();
  }

  Hold release(Caller caller, UUID holdId) {
    return database.write(
        db -> {
          var hold = seen(db, caller, holdId);
          return hold.state() == State.OPEN ? end(db, hold, State.RELEASED) : hold;
        });
  }

  private Hold seen(DSLContext db, Caller caller, UUID holdId) {
    var hold = holds.lock(db, caller.tenantId(), List.of(holdId)).get(holdId);
    if (hold == null || !mayTouch(caller, hold)) {
      throw new Problem.NotFound("budget_hold", holdId.toString()).raise();
    }
    return hold;
  }

  private static boolean mayTouch(Caller caller, Hold hold) {
    return caller.run() != null
        ? caller.run().runId().equals(hold.runId())
        : caller.mayAny("usage:write") || caller.principalId().equals(hold.userId());
  }

  private Hold end(DSLContext db, Hold hold, State state) {
    if (!hold.periods().isEmpty()) {
      periods.lock(db, hold.periods());
      periods.add(db, changes(hold.periods(), hold.amount().negate()));
    }
    holds.end(db, hold.tenantId(), List.of(hold.id()), state, clock.instant());
    return hold.with(hold.amount(), state, hold.expiresAt());
  }

  /// All or nothing.
  private void take(DSLContext db, List<Budget> covering, List<PeriodKey> keys, BigDecimal amount) {
    if (keys.isEmpty()) {
      return;
    }
    var balances = periods.lock(db, keys);
    var byId = covering.stream().collect(Collectors.toMap(Budget::id, Function.identity()));
    for (var balance : balances.values()) {
      var budget = byId.get(balance.key().budgetId());
      if (budget.terms().hard() && !balance.hasRoom(budget, amount)) {
        throw new Problem.Refused(
                EXCEEDED,
                "the budget does not leave so much",
                Map.of(
                    "id", budget.id().toString(),
                    "limit", budget.terms().limit().toPlainString(),
                    "settled", balance.settled().toPlainString(),
                    "held", balance.held().toPlainString()))
            .raise();
      }
    }
    periods.add(db, changes(keys, amount));
  }

  private static List<Change> changes(Collection<PeriodKey> keys, BigDecimal held) {
    return keys.stream().map(key -> new Change(key, BigDecimal.ZERO, held)).toList();
  }

  /// A run that can reserve nothing more waits.
  private Hold pausing(Attribution who, Supplier<Hold> work) {
    try {
      return work.get();
    } catch (ProblemException refused) {
      if (who.runId() != null
          && refused.problem() instanceof Problem.Refused(var reason, _, var facts)
          && reason.equals(EXCEEDED)) {
        var spent = new Spent(who.tenantId(), who.runId(), UUID.fromString(facts.get("id")));
        database.write(
            db -> {
              budgets.share(db, List.of(who.tenantId()));
              pauses.pause(db, spent);
              return true;
            });
      }
      throw refused;
    }
  }

  /// Gives back what nobody was heard of, and returns how many there were.
  int sweep() {
    var due = database.read(db -> holds.due(db, clock.instant(), PAGE));
    due.forEach(
        (tenant, which) ->
            which.forEach(
                id ->
                    database.write(
                        db -> {
                          var hold = holds.lock(db, tenant, List.of(id)).get(id);
                          if (hold != null
                              && hold.state() == State.OPEN
                              && !hold.expiresAt().isAfter(clock.instant())) {
                            end(db, hold, State.EXPIRED);
                          }
                          return true;
                        })));
    return due.values().stream().mapToInt(List::size).sum();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
