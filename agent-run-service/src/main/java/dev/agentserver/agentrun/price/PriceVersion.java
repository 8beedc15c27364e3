package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a model costs for a while. Its rates never change: another price is another version.
///
/// @param shared whether it is everybody's, or the tenant's own
/// @param from when it begins; null: it always was
/// @param until when it ends, itself not included; null: it has no end
/// @param rates none: the model is free of charge
public record PriceVersion(
    UUID id,
    boolean shared,
    PriceKey key,
    @Nullable Instant from,
    @Nullable Instant until,
    Source source,
    List<Rate> rates) {
  /// Where it comes from.
  public enum Source {
    /// It came with the suite.
    BUILT_IN,
    IMPORTED,
    /// Somebody wrote it down.
    MANUAL
  }

  public PriceVersion {
    rates = List.copyOf(rates);
  }

  boolean isInForce(Instant time) {
    return (from == null || !time.isBefore(from))
        && (until == null || time.isBefore(until))
        && key.daily().contains(time);
  }

  /// What a unit costs: its own price, or that of the nearest unit which it falls back to.
  Optional<Rate> rate(Unit unit, BigDecimal context) {
    var own = own(unit, context);
    if (own.isPresent()) {
      return own;
    }
    return unit.fallbacks().stream().flatMap(other -> own(other, context).stream()).findFirst();
  }

  private Optional<Rate> own(Unit unit, BigDecimal context) {
    return rates.stream()
        .filter(rate -> rate.unit() == unit && rate.covers(context))
        .max(Comparator.comparingInt(Rate::above));
  }

  /// Whether everything costs the same.
  public boolean costsLike(List<Rate> others) {
    return rates.size() == others.size()
        && rates.stream().allMatch(rate -> others.stream().anyMatch(rate::isLike));
  }

  public PriceVersion during(@Nullable Instant newFrom, @Nullable Instant newUntil) {
    return new PriceVersion(id, shared, key, newFrom, newUntil, source, rates);
  }
}
