package dev.agentserver.agentrun.usage.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.price.Calculation;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.usage.NormalizedUsage.State;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Unit.Side;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random usage, reported as each provider would: the units add up to what the provider says, none
/// is negative, and the lines add up to the total.
class NormalizerPropertyTest {
  private static final int TIMES = Integer.getInteger("cost.times", 500);

  private final RawNormalizer normalizer = new RawNormalizer(Extractors.builtIn());

  @ParameterizedTest
  @EnumSource
  void everyTokenIsCountedOnce(Flavor flavor) {
    var random = new SplittableRandom(flavor.ordinal());
    for (var i = 0; i < TIMES; i++) {
      var used = Flavor.Used.random(random);
      var report = flavor.report(used);
      var usage = normalizer.normalize(flavor.provider(), flavor.api(), "m", report);
      assertThat(usage.state()).as(report).isEqualTo(State.REPORTED);
      assertThat(usage.warnings()).as(report).isEmpty();
      var reading = usage.readings().getFirst();
      assertThat(reading.tokens(Side.INPUT).add(reading.tokens(Side.OUTPUT)))
          .as(report)
          .isEqualByComparingTo(BigDecimal.valueOf(flavor.total(used)));
      var priced = Calculation.of(usage, _ -> Optional.of(prices(random)));
      assertThat(priced.lines()).allMatch(line -> line.cost().signum() >= 0);
      assertThat(priced.total())
          .isEqualByComparingTo(
              priced.lines().stream()
                  .map(PriceLine::cost)
                  .reduce(BigDecimal.ZERO, BigDecimal::add));
      for (var line : priced.lines()) {
        var rest =
            line.cost().multiply(line.per()).subtract(line.quantity().multiply(line.unitPrice()));
        assertThat(rest.abs().multiply(BigDecimal.TWO))
            .isLessThanOrEqualTo(line.per().movePointLeft(PriceLine.SCALE));
      }
    }
  }

  /// Some units have a price of their own, and the others that of what they are a part of.
  private static PriceVersion prices(SplittableRandom random) {
    var rates =
        Arrays.stream(Unit.values())
            .filter(unit -> unit.fallbacks().isEmpty() || random.nextBoolean())
            .filter(unit -> unit != Unit.PROVIDER_REPORTED && unit != Unit.REQUEST)
            .map(
                unit ->
                    new Rate(
                        unit,
                        0,
                        BigDecimal.valueOf(random.nextLong(1, 1_000_000_000_000L), 11),
                        unit.per()))
            .toList();
    return new PriceVersion(
        new UUID(0, 1), true, PriceKey.of("p", "m"), null, null, Source.MANUAL, rates);
  }
}
