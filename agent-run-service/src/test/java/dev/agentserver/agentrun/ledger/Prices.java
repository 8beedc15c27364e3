package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A price book that a test writes.
final class Prices implements PriceBook {
  private final Map<String, BigDecimal> prices = new ConcurrentHashMap<>();
  private final UUID version = new UUID(7, 7);

  /// A million of a unit costs so much from now on, whenever it was used.
  Prices set(String model, Unit unit, String price) {
    prices.put(model + " " + unit, new BigDecimal(price));
    return this;
  }

  @Override
  public Priced price(
      UUID tenantId, NormalizedUsage usage, Conditions conditions, Instant occurredAt) {
    var lines = new ArrayList<PriceLine>();
    var missing = new ArrayList<Priced.Missing>();
    for (var reading : usage.readings()) {
      reading
          .quantities()
          .forEach(
              (unit, quantity) -> {
                var price = prices.get(reading.model() + " " + unit);
                if (price == null) {
                  missing.add(new Priced.Missing(reading.model(), unit));
                } else {
                  lines.add(
                      PriceLine.of(reading.model(), unit, quantity, price, unit.per(), version));
                }
              });
    }
    if (usage.readings().isEmpty() || !missing.isEmpty()) {
      return new Priced(Priced.State.UNPRICED, null, null, List.of(), missing);
    }
    var total = lines.stream().map(PriceLine::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Priced(Priced.State.PRICED, total, total, lines, List.of());
  }
}
