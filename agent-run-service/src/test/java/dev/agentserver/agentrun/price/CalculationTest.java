package dev.agentserver.agentrun.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Priced.Missing;
import dev.agentserver.agentrun.price.Priced.State;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CalculationTest {
  private static final PriceVersion PRICES =
      version(
          rate(Unit.INPUT, 0, "3"),
          rate(Unit.INPUT, 200_000, "6"),
          rate(Unit.CACHE_READ, 0, "0.3"),
          rate(Unit.INPUT_AUDIO, 0, "9"),
          rate(Unit.OUTPUT, 0, "15"),
          rate(Unit.OUTPUT, 200_000, "22.5"));

  @Test
  void aUnitWithoutAPriceCostsWhatItIsAPartOf() {
    var priced =
        price(
            null,
            Map.of(
                Unit.CACHE_WRITE_1H, 1_000_000,
                Unit.CACHE_READ_AUDIO, 1_000_000,
                Unit.REASONING, 1_000_000));
    // The context is above the tier; what has no price in the tier keeps its own.
    assertThat(priced.lines())
        .extracting(line -> line.unit() + " " + line.cost().stripTrailingZeros().toPlainString())
        .containsExactly("CACHE_READ_AUDIO 0.3", "CACHE_WRITE_1H 6", "REASONING 22.5");
    assertThat(priced.total()).isEqualByComparingTo("28.8");
  }

  @Test
  void aTierBeginsAboveItsSizeAndTheInputOfAllKindsCounts() {
    assertThat(price(null, Map.of(Unit.INPUT, 200_000)).total()).isEqualByComparingTo("0.6");
    assertThat(price(null, Map.of(Unit.INPUT, 200_001)).total()).isEqualByComparingTo("1.200006");
    assertThat(price(null, Map.of(Unit.INPUT, 1, Unit.CACHE_READ, 200_000, Unit.OUTPUT, 2)).total())
        .isEqualByComparingTo("0.060051");
  }

  @Test
  void whatHasNoPriceIsUnpricedAndNeverFree() {
    var priced = price(null, Map.of(Unit.INPUT, 10, Unit.WEB_SEARCH, 1));
    assertThat(priced.state()).isEqualTo(State.UNPRICED);
    assertThat(priced.total()).isNull();
    assertThat(priced.lines()).isEmpty();
    assertThat(priced.missing()).containsExactly(new Missing("m", Unit.WEB_SEARCH));
    var unknown = Calculation.of(usage(null, Map.of(Unit.INPUT, 1)), _ -> Optional.empty());
    assertThat(unknown.total()).isNull();
    assertThat(Calculation.of(usage(null, null), _ -> Optional.of(PRICES)).total()).isNull();
  }

  @Test
  void aVersionWithoutRatesIsFree() {
    var priced = Calculation.of(usage(null, Map.of(Unit.INPUT, 10)), _ -> Optional.of(version()));
    assertThat(priced.state()).isEqualTo(State.PRICED);
    assertThat(priced.total()).isZero();
  }

  @Test
  void aCallCostsItselfWhereThatHasAPrice() {
    var version = version(rate(Unit.INPUT, 0, "1"), rate(Unit.REQUEST, 0, "5"));
    var priced = Calculation.of(usage(null, Map.of(Unit.INPUT, 10)), _ -> Optional.of(version));
    assertThat(priced.total()).isEqualByComparingTo("0.00501");
  }

  @Test
  void theProvidersWordWinsAndTheVarianceIsKept() {
    var other = price("0.016", Map.of(Unit.INPUT, 1000));
    assertThat(other.state()).isEqualTo(State.REPORTED);
    assertThat(other.total()).isEqualByComparingTo("0.016");
    assertThat(other.computed()).isEqualByComparingTo("0.003");
    assertThat(other.lines()).containsExactly(PriceLine.reported("m", new BigDecimal("0.016")));
    var same = price("0.003", Map.of(Unit.INPUT, 1000));
    assertThat(same.state()).isEqualTo(State.PRICED);
    assertThat(same.lines()).extracting(PriceLine::unit).containsExactly(Unit.INPUT);
    var known = Calculation.of(usage("0.5", Map.of(Unit.INPUT, 1000)), _ -> Optional.empty());
    assertThat(known.total()).isEqualByComparingTo("0.5");
    assertThat(known.computed()).isNull();
  }

  @Test
  void aLineIsRoundedOnceHalfToEven() {
    var half =
        PriceLine.of(
            "m", Unit.INPUT, BigDecimal.ONE, new BigDecimal("0.0000025"), perMillion(), null);
    assertThat(half.cost()).isEqualTo(new BigDecimal("0.000000000002"));
    var odd =
        PriceLine.of(
            "m", Unit.INPUT, BigDecimal.ONE, new BigDecimal("0.0000035"), perMillion(), null);
    assertThat(odd.cost()).isEqualTo(new BigDecimal("0.000000000004"));
    var thirds =
        PriceLine.of("m", Unit.INPUT, BigDecimal.TWO, BigDecimal.ONE, BigDecimal.valueOf(3), null);
    assertThat(thirds.cost()).isEqualTo(new BigDecimal("0.666666666667"));
  }

  @Test
  void aModelIsFoundByItsNameOrByItWithoutTheDate() {
    assertThat(ModelName.candidates("m-20250929")).containsExactly("m-20250929", "m");
    assertThat(ModelName.candidates("a/m-2025-09-29")).containsExactly("a/m-2025-09-29", "a/m");
    assertThat(ModelName.candidates("m@20250929")).containsExactly("m@20250929", "m");
    for (var whole : List.of("m-20251399", "m-0613", "m-2025", "m-2025-09-29-mini", "m20250929")) {
      assertThat(ModelName.candidates(whole)).containsExactly(whole);
    }
  }

  private static BigDecimal perMillion() {
    return BigDecimal.valueOf(1_000_000);
  }

  private static Priced price(@Nullable String reported, Map<Unit, Integer> quantities) {
    return Calculation.of(usage(reported, quantities), _ -> Optional.of(PRICES));
  }

  private static NormalizedUsage usage(
      @Nullable String reported, @Nullable Map<Unit, Integer> quantities) {
    var readings =
        quantities == null
            ? List.<Reading>of()
            : List.of(
                new Reading(
                    "m",
                    quantities.entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                Map.Entry::getKey, each -> BigDecimal.valueOf(each.getValue())))));
    return new NormalizedUsage(
        "p",
        readings,
        reported == null ? null : new BigDecimal(reported),
        Conditions.STANDARD,
        List.of(),
        NormalizedUsage.State.REPORTED);
  }

  private static Rate rate(Unit unit, int above, String price) {
    return new Rate(unit, above, new BigDecimal(price), unit.per());
  }

  private static PriceVersion version(Rate... rates) {
    return new PriceVersion(
        new UUID(0, 1),
        true,
        PriceKey.of("p", "m"),
        null,
        null,
        Source.MANUAL,
        Arrays.asList(rates));
  }
}
