package dev.agentserver.agentrun.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.normalize.Extractors;
import dev.agentserver.agentrun.usage.normalize.RawJson;
import dev.agentserver.agentrun.usage.normalize.RawNormalizer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Usage as the providers' documents show it, with prices and the cost that was worked out by hand:
/// quantities times prices, and nothing of ours.
class CostsTest {
  private final RawNormalizer normalizer = new RawNormalizer(Extractors.builtIn());

  @TestFactory
  Stream<DynamicTest> everyCaseCostsWhatWasWorkedOut() throws IOException {
    try (var in = CostsTest.class.getResourceAsStream("/usage/costs.json")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Json.list(Json.read(text).orElseThrow().getFirst()).stream()
          .map(Json::object)
          .map(each -> DynamicTest.dynamicTest(each.get("name").toString(), () -> check(each)))
          .toList()
          .stream();
    }
  }

  private void check(Map<String, @Nullable Object> given) {
    var usage =
        normalizer.normalize(
            text(given, "provider"),
            text(given, "flavor"),
            text(given, "model"),
            RawJson.write(given.get("raw")));
    assertThat(usage.warnings()).isEmpty();
    var versions = Json.list(given.get("prices")).stream().map(CostsTest::version).toList();
    var priced =
        Calculation.of(
            usage,
            model ->
                Choice.of(
                    versions, ModelName.candidates(model), usage.conditions(), Instant.EPOCH));
    if (given.get("total") == null) {
      assertThat(priced.total()).isNull();
      return;
    }
    assertThat(priced.total()).isEqualByComparingTo(new BigDecimal(text(given, "total")));
    if (given.containsKey("computed")) {
      assertThat(priced.computed()).isEqualByComparingTo(new BigDecimal(text(given, "computed")));
    }
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    return String.valueOf(fields.getOrDefault(name, ""));
  }

  private static PriceVersion version(@Nullable Object given) {
    var fields = Json.object(given);
    var key =
        new PriceKey(
            "any",
            text(fields, "model"),
            text(fields, "tier"),
            fields.containsKey("batch"),
            "",
            Daily.ALWAYS);
    List<Rate> rates =
        Json.object(fields.get("rates")).entrySet().stream()
            .map(rate -> rate(rate.getKey(), String.valueOf(rate.getValue())))
            .toList();
    return new PriceVersion(
        new UUID(0, 1), true, key, null, null, PriceVersion.Source.MANUAL, rates);
  }

  /// "input" or "input>200000", and "2.5", for as many as usual, or "0.006/60".
  private static Rate rate(String name, String price) {
    var unit = name.split(">");
    var parts = price.split("/");
    var of = Unit.of(unit[0]).orElseThrow();
    return new Rate(
        of,
        unit.length == 1 ? 0 : Integer.parseInt(unit[1]),
        new BigDecimal(parts[0]),
        parts.length == 1 ? of.per() : new BigDecimal(parts[1]));
  }
}
