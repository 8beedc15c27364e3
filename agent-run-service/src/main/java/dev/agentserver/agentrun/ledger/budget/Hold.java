package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is reserved for usage to come.
///
/// @param userId whose usage; null: nobody's in particular
/// @param periods where it counts
public record Hold(
    UUID tenantId,
    UUID id,
    @Nullable UUID userId,
    @Nullable UUID runId,
    BigDecimal amount,
    State state,
    Instant expiresAt,
    List<PeriodKey> periods) {
  /// What has become of it.
  public enum State {
    OPEN,
    SETTLED,
    RELEASED,
    EXPIRED
  }

  /// The same that is something else now.
  Hold with(BigDecimal newAmount, State newState, Instant newExpiry) {
    return new Hold(tenantId, id, userId, runId, newAmount, newState, newExpiry, periods);
  }
}
