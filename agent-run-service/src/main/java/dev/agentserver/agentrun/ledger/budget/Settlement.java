package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import dev.agentserver.agentrun.ledger.budget.PeriodStore.Change;
import dev.agentserver.agentrun.ledger.record.Spending;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// Spends from budgets what the ledger is charged, in its transaction: so what a period has
/// spent is what the ledger says from the first event on. An alert is given by whoever reaches a
/// threshold first, in the same transaction, so there is one.
public final class Settlement implements Spending {
  private final BudgetStore budgets;
  private final PeriodStore periods;
  private final HoldStore holds;
  private final Pauses pauses;
  private final Alerts alerts;
  private final Clock clock;

  Settlement(
      BudgetStore budgets,
      PeriodStore periods,
      HoldStore holds,
      Pauses pauses,
      Alerts alerts,
      Clock clock) {
    this.budgets = budgets;
    this.periods = periods;
    this.holds = holds;
    this.pauses = pauses;
    this.alerts = alerts;
    this.clock = clock;
  }

  @Override
  public void enter(DSLContext db, Collection<UUID> tenants) {
    budgets.share(db, tenants);
  }

  @Override
  public Charged charge(DSLContext db, List<Charge> charges) {
    if (charges.isEmpty()) {
      return Charged.NOTHING;
    }
    var reserved = reserved(db, charges);
    var covering =
        budgets.covering(db, charges.stream().map(Charge::who).collect(Collectors.toSet()));
    var changes = new TreeMap<PeriodKey, Change>();
    for (var charge : charges) {
      for (var budget : covering) {
        if (budget.covers(charge.who())) {
          add(
              changes,
              new Change(period(budget, charge, reserved), charge.cost(), BigDecimal.ZERO));
        }
      }
    }
    settle(db, charges, reserved, changes);
    var spent = change(db, covering, changes, charges);
    return new Charged(held(charges, reserved, true), held(charges, reserved, false), spent);
  }

  /// The holds of the charges, locked.
  private Map<UUID, Hold> reserved(DSLContext db, List<Charge> charges) {
    var wanted = new TreeMap<UUID, Set<UUID>>();
    for (var charge : charges) {
      if (charge.holdId() != null) {
        wanted.computeIfAbsent(charge.who().tenantId(), _ -> new HashSet<>()).add(charge.holdId());
      }
    }
    var found = new HashMap<UUID, Hold>();
    wanted.forEach((tenant, ids) -> found.putAll(holds.lock(db, tenant, ids)));
    return found;
  }

  /// What was reserved for counts where that was reserved, everything else when it happened.
  private static PeriodKey period(Budget budget, Charge charge, Map<UUID, Hold> reserved) {
    var hold = charge.holdId() == null ? null : reserved.get(charge.holdId());
    return hold == null
        ? budget.at(charge.occurredAt())
        : hold.periods().stream()
            .filter(key -> key.budgetId().equals(budget.id()))
            .findFirst()
            .orElseGet(() -> budget.at(charge.occurredAt()));
  }

  private void settle(
      DSLContext db,
      List<Charge> charges,
      Map<UUID, Hold> reserved,
      Map<PeriodKey, Change> changes) {
    var ending = new HashMap<UUID, Set<UUID>>();
    for (var charge : charges) {
      var hold = charge.holdId() == null ? null : reserved.get(charge.holdId());
      if (hold != null
          && charge.settles()
          && hold.state() == Hold.State.OPEN
          && ending.computeIfAbsent(hold.tenantId(), _ -> new HashSet<>()).add(hold.id())) {
        var back = hold.amount().negate();
        hold.periods().forEach(key -> add(changes, new Change(key, BigDecimal.ZERO, back)));
      }
    }
    ending.forEach(
        (tenant, ids) -> holds.end(db, tenant, ids, Hold.State.SETTLED, clock.instant()));
  }

  private static void add(Map<PeriodKey, Change> changes, Change change) {
    changes.merge(change.key(), change, Change::plus);
  }

  private List<Spent> change(
      DSLContext db, List<Budget> covering, Map<PeriodKey, Change> changes, List<Charge> charges) {
    if (changes.isEmpty()) {
      return List.of();
    }
    periods.lock(db, changes.keySet());
    var now = clock.instant();
    var spent = new ArrayList<Spent>();
    for (var balance : periods.add(db, changes.values()).values()) {
      for (var budget : covering) {
        if (budget.id().equals(balance.key().budgetId())) {
          alerts.give(db, budget, balance, now);
          if (budget.terms().hard()
              && balance.isSpent(budget)
              && balance.key().equals(budget.at(now))) {
            charges.stream()
                .filter(charge -> budget.covers(charge.who()) && charge.who().runId() != null)
                .map(charge -> new Spent(budget.tenantId(), charge.who().runId(), budget.id()))
                .distinct()
                .forEach(spent::add);
          }
        }
      }
    }
    return spent;
  }

  /// The events that something was reserved for.
  ///
  /// @param over those that cost more than that; else those that do not
  private static Set<UUID> held(List<Charge> charges, Map<UUID, Hold> reserved, boolean over) {
    return charges.stream()
        .filter(charge -> charge.holdId() != null && reserved.containsKey(charge.holdId()))
        .filter(
            charge -> {
              var hold = Objects.requireNonNull(reserved.get(charge.holdId()));
              return over == charge.total().compareTo(hold.amount()) > 0;
            })
        .map(Charge::eventId)
        .collect(Collectors.toSet());
  }

  @Override
  public void finish(DSLContext db, Charged charged) {
    charged.spent().forEach(one -> pauses.pause(db, one));
  }
}
