package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;

/// What a unit costs in calls whose context is larger than a number of tokens.
///
/// @param above the calls must have more input than this, of whatever unit; 0: all calls
/// @param unitPrice in US dollars
/// @param per for how many of the unit
public record Rate(Unit unit, int above, BigDecimal unitPrice, BigDecimal per) {
  /// Whether it is the same price, however it is written.
  public boolean isLike(Rate other) {
    return unit == other.unit
        && above == other.above
        && unitPrice.multiply(other.per).compareTo(other.unitPrice.multiply(per)) == 0;
  }

  boolean covers(BigDecimal context) {
    return above == 0 || context.compareTo(BigDecimal.valueOf(above)) > 0;
  }
}
