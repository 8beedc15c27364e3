package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.Attribution;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What spends from budgets, in the transaction of the ledger.
public interface Spending {
  /// What is spent by an event, or, below zero, given back.
  ///
  /// @param holdId what was reserved for it; null: nothing
  /// @param total what the event costs in all
  /// @param settles whether what is reserved is not needed any more
  record Charge(
      UUID eventId,
      Attribution who,
      @Nullable UUID holdId,
      Instant occurredAt,
      BigDecimal cost,
      BigDecimal total,
      boolean settles) {}

  /// A run, and a budget of it that is spent.
  record Spent(UUID tenantId, UUID runId, UUID budgetId) {}

  /// @param over the events that cost more than was reserved for them
  /// @param within those that do not
  record Charged(Set<UUID> over, Set<UUID> within, List<Spent> spent) {
    public static final Charged NOTHING = new Charged(Set.of(), Set.of(), List.of());
  }

  /// First of all: keeps the tenants' budgets from being made or changed until the transaction
  /// ends.
  void enter(DSLContext db, Collection<UUID> tenants);

  /// Spends, before the lines are written: a period that begins with this begins with what the
  /// ledger has so far.
  Charged charge(DSLContext db, List<Charge> charges);

  /// Last of all: has runs wait whose budgets are spent.
  void finish(DSLContext db, Charged charged);
}
