package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import java.time.Instant;
import java.util.UUID;

/// Says what usage costs.
public interface PriceBook {
  /// What it costs by the prices that were in force when it happened: the tenant's own where it has
  /// any for the model, else the platform's.
  ///
  /// Prices are read when they are not in memory, so this is not to be called inside a transaction.
  ///
  /// @param usage of a state other than INVALID; without readings and without a reported cost it is
  ///     UNPRICED
  /// @param conditions what the caller knows of them; they win over what the usage says
  Priced price(UUID tenantId, NormalizedUsage usage, Conditions conditions, Instant occurredAt);
}
