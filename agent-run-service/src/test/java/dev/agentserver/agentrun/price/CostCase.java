package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.price.imports.GenaiPrices;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.normalize.RawJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A report of a provider, the rates that apply to it, and what it cost.
///
/// @param total null: it has no price
record CostCase(
    String id,
    String provider,
    String flavor,
    String model,
    String raw,
    List<Rate> rates,
    @Nullable BigDecimal total,
    @Nullable BigDecimal reported,
    Map<String, BigDecimal> quantities,
    Instant pricedAt) {
  private static final Instant AUGUST = Instant.parse("2026-08-21T12:00:00Z");

  /// Those of a file with payloads, lines and totals.
  static List<CostCase> read(Path file) throws IOException {
    return Json.list(Json.read(Files.readString(file)).orElseThrow().getFirst()).stream()
        .map(each -> given(Json.object(each)))
        .toList();
  }

  /// Those of a file with recorded payloads, a line each.
  static List<CostCase> readRecorded(Path file) throws IOException {
    return Json.read(Files.readString(file)).orElseThrow().stream()
        .map(each -> recorded(Json.object(each)))
        .toList();
  }

  private static CostCase given(Map<String, @Nullable Object> fields) {
    var rates = new ArrayList<Rate>();
    var quantities = new LinkedHashMap<String, BigDecimal>();
    for (var each : Json.list(fields.get("lines"))) {
      var line = Json.object(each);
      var unit = String.valueOf(line.get("unit"));
      quantities.put(unit, (BigDecimal) line.get("qty"));
      rates.add(
          new Rate(
              Unit.of(unit).orElseThrow(),
              0,
              new BigDecimal(String.valueOf(line.get("rate"))),
              (BigDecimal) line.get("per")));
    }
    return new CostCase(
        String.valueOf(fields.get("id")),
        String.valueOf(fields.get("provider")),
        String.valueOf(fields.get("flavor")),
        String.valueOf(fields.get("model")),
        RawJson.write(fields.get("usage")),
        rates,
        decimal(fields.get("total")),
        null,
        quantities,
        time(fields.get("priced_at")));
  }

  private static CostCase recorded(Map<String, @Nullable Object> fields) {
    var rates = new ArrayList<Rate>();
    Json.object(fields.get("rate_card"))
        .forEach((name, price) -> rates.addAll(GenaiPrices.rates(name, price, _ -> {})));
    return new CostCase(
        String.valueOf(fields.get("id")),
        String.valueOf(fields.get("provider")),
        String.valueOf(fields.get("api_flavor")),
        String.valueOf(fields.get("model")),
        RawJson.write(fields.get("raw")),
        rates,
        decimal(fields.get("expected_total_usd")),
        decimal(fields.get("provider_reported_cost")),
        Map.of(),
        time(fields.get("priced_at")));
  }

  private static @Nullable BigDecimal decimal(@Nullable Object text) {
    return text == null ? null : new BigDecimal(text.toString());
  }

  private static Instant time(@Nullable Object text) {
    return text == null ? AUGUST : Instant.parse(text.toString());
  }

  /// What these rates make of a model's prices.
  PriceVersion version() {
    return new PriceVersion(
        UUID.nameUUIDFromBytes(id.getBytes()),
        true,
        PriceKey.of(provider, model),
        null,
        null,
        PriceVersion.Source.MANUAL,
        rates);
  }
}
