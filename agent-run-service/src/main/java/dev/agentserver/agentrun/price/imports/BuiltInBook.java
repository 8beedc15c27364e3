package dev.agentserver.agentrun.price.imports;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The prices that come with the suite: `price/book.json`.
///
/// Each entry is of some providers and names, and lists prices: what units cost, by the million
/// tokens, the thousand calls or one of anything else; `unit>n` for calls with more input than n
/// tokens. `from` is the day of UTC on which a price takes the place of the one before; `tier`,
/// `batch`, `region` and `daily` say what it is for.
public final class BuiltInBook {
  private BuiltInBook() {}

  /// Its versions. An id is made of what the version says, so that it is the same in every process
  /// and in every release that says it.
  public static List<PriceVersion> versions() {
    var versions = new ArrayList<PriceVersion>();
    for (var entry : Json.list(Json.at(read(), "models"))) {
      for (var provider : Json.list(Json.at(entry, "providers"))) {
        for (var name : Json.list(Json.at(entry, "names"))) {
          versions.addAll(
              versions(provider.toString(), name.toString(), Json.list(Json.at(entry, "prices"))));
        }
      }
    }
    return List.copyOf(versions);
  }

  private static @Nullable Object read() {
    try (var in = BuiltInBook.class.getClassLoader().getResourceAsStream("price/book.json")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Json.read(text).orElseThrow().getFirst();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// In the file a price stands before the one that takes its place.
  private static List<PriceVersion> versions(String provider, String model, List<?> prices) {
    var versions = new ArrayList<PriceVersion>();
    for (var each : prices) {
      var price = Json.object(each);
      var key = key(provider, model, price);
      var from = price.get("from") instanceof String day ? midnight(day) : null;
      var before = versions.stream().filter(other -> other.key().equals(key)).toList();
      if (!before.isEmpty()) {
        var last = before.getLast();
        versions.set(versions.indexOf(last), last.during(last.from(), from));
      }
      var rates = rates(Json.object(price.get("rates")));
      versions.add(
          new PriceVersion(id(key, from, rates), true, key, from, null, Source.BUILT_IN, rates));
    }
    return versions;
  }

  private static PriceKey key(String provider, String model, Map<String, @Nullable Object> price) {
    return new PriceKey(
        provider,
        model,
        price.get("tier") instanceof String tier ? tier : "",
        Boolean.TRUE.equals(price.get("batch")),
        price.get("region") instanceof String region ? region : "",
        price.get("daily") instanceof String daily ? daily(daily) : Daily.ALWAYS);
  }

  private static Daily daily(String text) {
    var dash = text.indexOf('-');
    return new Daily(minute(text.substring(0, dash)), minute(text.substring(dash + 1)));
  }

  private static int minute(String time) {
    return time.equals("24:00") ? Daily.MINUTES : LocalTime.parse(time).toSecondOfDay() / 60;
  }

  private static Instant midnight(String day) {
    return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static List<Rate> rates(Map<String, @Nullable Object> fields) {
    var rates = new ArrayList<Rate>();
    fields.forEach(
        (name, price) -> {
          var tier = name.indexOf('>');
          var unit = Unit.of(tier < 0 ? name : name.substring(0, tier)).orElseThrow();
          var above = tier < 0 ? 0 : Integer.parseInt(name.substring(tier + 1));
          rates.add(new Rate(unit, above, new BigDecimal(String.valueOf(price)), unit.per()));
        });
    return List.copyOf(rates);
  }

  private static UUID id(PriceKey key, @Nullable Instant from, List<Rate> rates) {
    var text = key + "|" + from + "|" + rates;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
