package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.price.Priced.Missing;
import dev.agentserver.agentrun.price.Priced.State;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Unit.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Works out what usage costs.
public final class Calculation {
  private final List<PriceLine> lines = new ArrayList<>();
  private final List<Missing> missing = new ArrayList<>();

  private Calculation() {}

  /// @param version the prices of a model
  public static Priced of(NormalizedUsage usage, Function<String, Optional<PriceVersion>> version) {
    var calculation = new Calculation();
    usage
        .readings()
        .forEach(reading -> calculation.add(reading, version.apply(reading.model()).orElse(null)));
    return calculation.result(usage);
  }

  private void add(Reading reading, @Nullable PriceVersion version) {
    if (version == null) {
      reading.quantities().keySet().forEach(unit -> miss(reading, unit));
      return;
    }
    if (version.rates().isEmpty()) {
      return;
    }
    var context = reading.tokens(Side.INPUT);
    reading
        .quantities()
        .forEach(
            (unit, quantity) ->
                version
                    .rate(unit, context)
                    .ifPresentOrElse(
                        rate -> line(reading, version, unit, quantity, rate),
                        () -> miss(reading, unit)));
    if (reading.quantity(Unit.REQUEST).signum() == 0) {
      version
          .rate(Unit.REQUEST, context)
          .ifPresent(rate -> line(reading, version, Unit.REQUEST, BigDecimal.ONE, rate));
    }
  }

  private void miss(Reading reading, Unit unit) {
    missing.add(new Missing(reading.model(), unit));
  }

  private void line(
      Reading reading, PriceVersion version, Unit unit, BigDecimal quantity, Rate rate) {
    lines.add(
        PriceLine.of(reading.model(), unit, quantity, rate.unitPrice(), rate.per(), version.id()));
  }

  private Priced result(NormalizedUsage usage) {
    var known = missing.isEmpty() && !usage.readings().isEmpty();
    var computed = known ? sum(lines) : null;
    var reported = usage.reportedCost();
    if (reported == null) {
      return computed == null
          ? new Priced(State.UNPRICED, null, null, List.of(), missing)
          : new Priced(State.PRICED, computed, computed, lines, missing);
    }
    var rounded = reported.setScale(PriceLine.SCALE, RoundingMode.HALF_EVEN);
    if (computed != null && computed.compareTo(rounded) == 0) {
      return new Priced(State.PRICED, computed, computed, lines, missing);
    }
    var model = usage.readings().isEmpty() ? "" : usage.readings().getFirst().model();
    var line = PriceLine.reported(model, reported);
    return new Priced(State.REPORTED, line.cost(), computed, List.of(line), missing);
  }

  private static BigDecimal sum(List<PriceLine> lines) {
    return lines.stream()
        .map(PriceLine::cost)
        .reduce(BigDecimal.ZERO.setScale(PriceLine.SCALE), BigDecimal::add);
  }
}
