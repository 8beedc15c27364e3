package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a quantity of one unit cost, and why.
///
/// @param per for how many of the unit the price is
/// @param versionId the version of the price; null: the provider named the cost
/// @param cost quantity × unitPrice ÷ per, rounded to twelve decimals: here and nowhere else
public record PriceLine(
    String model,
    Unit unit,
    BigDecimal quantity,
    BigDecimal unitPrice,
    BigDecimal per,
    @Nullable UUID versionId,
    BigDecimal cost) {
  /// The decimals of a cost.
  public static final int SCALE = 12;

  /// A line with its cost.
  public static PriceLine of(
      String model,
      Unit unit,
      BigDecimal quantity,
      BigDecimal unitPrice,
      BigDecimal per,
      @Nullable UUID versionId) {
    var cost = quantity.multiply(unitPrice).divide(per, SCALE, RoundingMode.HALF_EVEN);
    return new PriceLine(model, unit, quantity, unitPrice, per, versionId, cost);
  }

  /// What the provider said that it cost.
  public static PriceLine reported(String model, BigDecimal cost) {
    return of(model, Unit.PROVIDER_REPORTED, BigDecimal.ONE, cost, BigDecimal.ONE, null);
  }
}
