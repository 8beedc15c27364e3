package dev.agentserver.agentrun.price.imports;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.imports.Issue.Code;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads prices in the form of genai-prices: a list of providers, each with models that are matched
/// by name, whose prices are for millions or thousands of a unit and may depend on the date and the
/// time of day.
public final class GenaiPrices {
  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("input_mtok", Unit.INPUT),
          Map.entry("input_audio_mtok", Unit.INPUT_AUDIO),
          Map.entry("input_image_mtok", Unit.INPUT_IMAGE),
          Map.entry("input_video_mtok", Unit.INPUT_VIDEO),
          Map.entry("input_tool_mtok", Unit.INPUT_TOOL),
          Map.entry("cache_read_mtok", Unit.CACHE_READ),
          Map.entry("cache_audio_read_mtok", Unit.CACHE_READ_AUDIO),
          Map.entry("cache_image_read_mtok", Unit.CACHE_READ_IMAGE),
          Map.entry("cache_video_read_mtok", Unit.CACHE_READ_VIDEO),
          Map.entry("cache_write_mtok", Unit.CACHE_WRITE_5M),
          Map.entry("cache_write_5m_mtok", Unit.CACHE_WRITE_5M),
          Map.entry("cache_write_1h_mtok", Unit.CACHE_WRITE_1H),
          Map.entry("output_mtok", Unit.OUTPUT),
          Map.entry("output_reasoning_mtok", Unit.REASONING),
          Map.entry("output_audio_mtok", Unit.OUTPUT_AUDIO),
          Map.entry("output_image_mtok", Unit.OUTPUT_IMAGE),
          Map.entry("output_video_mtok", Unit.OUTPUT_VIDEO),
          Map.entry("output_citation_mtok", Unit.CITATION),
          Map.entry("web_searches_kcount", Unit.WEB_SEARCH),
          Map.entry("storage_searches_kcount", Unit.FILE_SEARCH),
          Map.entry("rerank_searches_kcount", Unit.SEARCH_UNIT),
          Map.entry("code_executions_kcount", Unit.CODE_EXECUTION),
          Map.entry("requests_kcount", Unit.REQUEST));

  private final UnaryOperator<String> providers;
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Issue> issues = new ArrayList<>();

  private GenaiPrices(UnaryOperator<String> providers) {
    this.providers = providers;
  }

  /// @param providers the name of a provider here
  public static PriceFile read(@Nullable Object json, UnaryOperator<String> providers) {
    var file = new GenaiPrices(providers);
    for (var provider : Json.list(json)) {
      var name = providers.apply(String.valueOf(Json.at(provider, "id")));
      Json.list(Json.at(provider, "models")).forEach(model -> file.model(name, Json.object(model)));
    }
    return new PriceFile(file.drafts, file.issues);
  }

  private void model(String provider, Map<String, @Nullable Object> model) {
    var id = String.valueOf(model.get("id"));
    Set<String> names = new LinkedHashSet<>(List.of(id));
    if (!collect(model.get("match"), names)) {
      issues.add(new Issue(Code.INEXACT_NAME, id, false, "other names are matched by a part"));
    }
    for (var name : names) {
      prices(provider, name, model.get("prices"));
    }
  }

  /// Adds the names that are given whole. Returns whether those were all.
  private static boolean collect(@Nullable Object match, Set<String> names) {
    var all = true;
    for (var entry : Json.object(match).entrySet()) {
      switch (entry.getKey()) {
        case "equals" -> names.add(String.valueOf(entry.getValue()));
        case "or" -> {
          for (var each : Json.list(entry.getValue())) {
            all &= collect(each, names);
          }
        }
        default -> all = false;
      }
    }
    return all;
  }

  private void prices(String provider, String model, @Nullable Object prices) {
    if (prices instanceof Map<?, ?> card) {
      draft(PriceKey.of(provider, model), null, card);
    }
    for (var each : Json.list(prices)) {
      var card = Json.object(Json.at(each, "prices"));
      var start = Json.at(each, "constraint", "start_date");
      if (Json.at(each, "constraint", "start_time") instanceof String from) {
        daily(provider, model, card, from, String.valueOf(Json.at(each, "constraint", "end_time")));
      } else {
        draft(
            PriceKey.of(provider, model), start == null ? null : midnight(start.toString()), card);
      }
    }
  }

  /// A price for a part of the day, in two pieces where that has midnight in it.
  private void daily(String provider, String model, Map<?, ?> card, String from, String until) {
    var first = minute(from);
    var last = minute(until);
    var pieces =
        first < last
            ? List.of(new Daily(first, last))
            : List.of(new Daily(first, Daily.MINUTES), new Daily(0, last));
    pieces.stream()
        .filter(piece -> piece.from() < piece.until())
        .forEach(piece -> draft(new PriceKey(provider, model, "", false, "", piece), null, card));
  }

  private static int minute(String time) {
    return LocalTime.parse(time.replace("Z", "")).toSecondOfDay() / 60;
  }

  private static Instant midnight(String date) {
    return LocalDate.parse(date).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private void draft(PriceKey key, @Nullable Instant from, Map<?, ?> card) {
    var rates = new ArrayList<Rate>();
    card.forEach(
        (name, price) ->
            rates.addAll(
                rates(
                    name.toString(),
                    price,
                    code -> issues.add(new Issue(code, key.model(), false, name + ": " + price)))));
    drafts.add(new Draft(key, from, rates));
  }

  /// The rates of one entry of a card: a number, or a base with tiers of the context's size.
  public static List<Rate> rates(String name, @Nullable Object price, Consumer<Code> problem) {
    var unit = UNITS.get(name);
    if (unit == null) {
      problem.accept(Code.UNKNOWN_UNIT);
      return List.of();
    }
    var rates = new ArrayList<Rate>();
    try {
      rates.add(rate(unit, 0, price instanceof Map<?, ?> tiered ? tiered.get("base") : price));
      for (var tier : Json.list(Json.at(price, "tiers"))) {
        var start = Json.at(tier, "start") == null ? "over_input_tokens" : "start";
        var above = new BigDecimal(String.valueOf(Json.at(tier, start))).intValueExact();
        rates.add(rate(unit, above, Json.at(tier, "price")));
      }
    } catch (ArithmeticException | NumberFormatException wrong) {
      problem.accept(Code.NOT_A_PRICE);
      return List.of();
    }
    return rates;
  }

  private static Rate rate(Unit unit, int above, @Nullable Object price) {
    return new Rate(unit, above, new BigDecimal(String.valueOf(price)), unit.per());
  }
}
