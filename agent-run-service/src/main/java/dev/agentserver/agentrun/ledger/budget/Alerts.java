package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.kit.outbox.Outbox;
import java.time.Instant;
import java.util.Map;
import org.jooq.DSLContext;

/// Tells that a threshold was reached: once in a period, in the transaction of whoever reached it,
/// by spending or by making or changing the budget.
final class Alerts {
  private final PeriodStore periods;
  private final Outbox outbox;

  Alerts(PeriodStore periods, Outbox outbox) {
    this.periods = periods;
    this.outbox = outbox;
  }

  void give(DSLContext db, Budget budget, Balance balance, Instant now) {
    for (var threshold : budget.terms().thresholds()) {
      if (balance.hasReached(budget, threshold) && periods.alert(db, balance, threshold, now)) {
        outbox.publish(
            db,
            budget.tenantId(),
            "budget.threshold_reached",
            budget.id().toString(),
            Map.of(
                "threshold", threshold,
                "period_start", balance.key().start().toString(),
                "settled", balance.settled().toPlainString(),
                "limit", budget.terms().limit().toPlainString()));
      }
    }
  }
}
