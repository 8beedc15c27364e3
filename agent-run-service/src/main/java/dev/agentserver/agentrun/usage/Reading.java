package dev.agentserver.agentrun.usage;

import dev.agentserver.agentrun.usage.Unit.Side;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What one model used in one call of it. A response may hold several: of several models, or of
/// several calls of one, whose contexts are not added up.
///
/// @param model as the provider names it
/// @param quantities of each unit that was used: all above zero, in the units' order
public record Reading(String model, Map<Unit, BigDecimal> quantities) {
  public Reading {
    var ordered = new EnumMap<Unit, BigDecimal>(Unit.class);
    quantities.forEach(
        (unit, quantity) -> {
          if (quantity.signum() < 0) {
            throw new IllegalArgumentException(unit + " is negative: " + quantity);
          }
          if (quantity.signum() > 0) {
            ordered.put(unit, quantity);
          }
        });
    quantities = Collections.unmodifiableMap(ordered);
  }

  public BigDecimal quantity(Unit unit) {
    return quantities.getOrDefault(unit, BigDecimal.ZERO);
  }

  /// All tokens of a side. Of [Side#INPUT]: the size of the context, which tiers of prices go by.
  public BigDecimal tokens(Side side) {
    return quantities.entrySet().stream()
        .filter(entry -> entry.getKey().side() == side)
        .map(Map.Entry::getValue)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
