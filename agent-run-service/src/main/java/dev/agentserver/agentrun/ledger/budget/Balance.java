package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.budget.Budget.PeriodKey;
import java.math.BigDecimal;

/// What has become of a budget in one of its periods.
///
/// @param settled what was spent
/// @param held what is reserved
record Balance(PeriodKey key, BigDecimal settled, BigDecimal held) {
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  BigDecimal used() {
    return settled.add(held);
  }

  boolean hasRoom(Budget budget, BigDecimal amount) {
    return used().add(amount).compareTo(budget.terms().limit()) <= 0;
  }

  boolean isSpent(Budget budget) {
    return used().compareTo(budget.terms().limit()) >= 0;
  }

  boolean hasReached(Budget budget, int threshold) {
    var line = budget.terms().limit().multiply(BigDecimal.valueOf(threshold));
    return settled.multiply(PERCENT).compareTo(line) >= 0;
  }
}
