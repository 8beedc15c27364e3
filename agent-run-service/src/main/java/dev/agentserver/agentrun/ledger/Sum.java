package dev.agentserver.agentrun.ledger;

import java.math.BigDecimal;

/// Usage, added up.
///
/// @param unpriced how many of the events have no price; what they cost is not in the cost
/// @param cost US dollars
public record Sum(
    long events, long unpriced, BigDecimal inputTokens, BigDecimal outputTokens, BigDecimal cost) {
  public static final Sum ZERO = new Sum(0, 0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  /// What changes where nothing but the cost does.
  public static Sum ofCost(BigDecimal cost) {
    return new Sum(0, 0, BigDecimal.ZERO, BigDecimal.ZERO, cost);
  }

  public Sum plus(Sum other) {
    return new Sum(
        events + other.events,
        unpriced + other.unpriced,
        inputTokens.add(other.inputTokens),
        outputTokens.add(other.outputTokens),
        cost.add(other.cost));
  }

  public Sum negated() {
    return new Sum(-events, -unpriced, inputTokens.negate(), outputTokens.negate(), cost.negate());
  }

  public boolean isZero() {
    return events == 0
        && unpriced == 0
        && inputTokens.signum() == 0
        && outputTokens.signum() == 0
        && cost.signum() == 0;
  }
}
