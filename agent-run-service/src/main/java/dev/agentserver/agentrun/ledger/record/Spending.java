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
  /// There are no budgets.
  Spending NONE =
      new Spending() {
        @Override
        public void enter(DSLContext db, Collection<UUID> tenants) {
          // Nothing is kept.
        }

        @Override
        public Set<UUID> charge(DSLContext db, List<Charge> charges) {
          return Set.of();
        }
      };

  /// What is spent by an event, or given back.
  ///
  /// @param holdId what was reserved for it; null: nothing
  /// @param settles whether what is reserved is not needed any more
  record Charge(
      UUID eventId,
      Attribution who,
      @Nullable UUID holdId,
      Instant occurredAt,
      BigDecimal cost,
      boolean settles) {}

  /// Before anything is written: keeps the tenants' budgets from being made or changed until the
  /// transaction ends.
  void enter(DSLContext db, Collection<UUID> tenants);

  /// The periods that the charges count in begin before the lines are written.
  ///
  /// @return the events that cost more than was reserved for them
  Set<UUID> charge(DSLContext db, List<Charge> charges);
}
