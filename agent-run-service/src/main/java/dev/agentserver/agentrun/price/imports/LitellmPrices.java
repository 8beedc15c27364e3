package dev.agentserver.agentrun.price.imports;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.imports.Issue.Code;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads prices in the form of LiteLLM's file: an object with a model in each field, whose prices
/// are for one of a unit. What they depend on is part of a price's name.
public final class LitellmPrices {
  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("input_cost_per_token", Unit.INPUT),
          Map.entry("input_cost_per_audio_token", Unit.INPUT_AUDIO),
          Map.entry("input_cost_per_image_token", Unit.INPUT_IMAGE),
          Map.entry("cache_read_input_token_cost", Unit.CACHE_READ),
          Map.entry("cache_read_input_audio_token_cost", Unit.CACHE_READ_AUDIO),
          Map.entry("cache_creation_input_token_cost", Unit.CACHE_WRITE_5M),
          Map.entry("cache_creation_input_token_cost_above_1hr", Unit.CACHE_WRITE_1H),
          Map.entry("output_cost_per_token", Unit.OUTPUT),
          Map.entry("output_cost_per_reasoning_token", Unit.REASONING),
          Map.entry("output_cost_per_audio_token", Unit.OUTPUT_AUDIO),
          Map.entry("output_cost_per_image_token", Unit.OUTPUT_IMAGE),
          Map.entry("output_cost_per_video_token", Unit.OUTPUT_VIDEO),
          Map.entry("citation_cost_per_token", Unit.CITATION),
          Map.entry("input_cost_per_query", Unit.SEARCH_UNIT),
          Map.entry("input_cost_per_request", Unit.REQUEST),
          Map.entry("ocr_cost_per_page", Unit.PAGE),
          Map.entry("output_cost_per_image", Unit.IMAGE),
          Map.entry("input_cost_per_second", Unit.AUDIO_SECOND),
          Map.entry("input_cost_per_character", Unit.CHARACTER));

  private static final Pattern NAME =
      Pattern.compile("(.+?)(?:_above_(\\d+)k_tokens)?(?:_(flex|priority|batches))?");

  private static final Set<String> REGIONAL = Set.of("bedrock", "azure");
  private static final Pattern REGION = Pattern.compile("(us|eu|[a-z]{2}-[a-z-]+-\\d)/(.+)");

  private final UnaryOperator<String> providers;
  private final Map<PriceKey, Draft> drafts = new LinkedHashMap<>();
  private final List<Issue> issues = new ArrayList<>();

  private LitellmPrices(UnaryOperator<String> providers) {
    this.providers = providers;
  }

  /// @param providers the name of a provider here
  public static PriceFile read(@Nullable Object json, UnaryOperator<String> providers) {
    var file = new LitellmPrices(providers);
    Json.object(json)
        .forEach(
            (name, model) -> {
              if (!name.equals("sample_spec")) {
                file.model(name, Json.object(model));
              }
            });
    return new PriceFile(List.copyOf(file.drafts.values()), file.issues);
  }

  private void model(String name, Map<String, @Nullable Object> fields) {
    var given = String.valueOf(fields.get("litellm_provider"));
    var provider = providers.apply(given.startsWith("vertex_ai") ? "vertex" : given);
    var key = key(provider, given, name);
    var cards = new LinkedHashMap<PriceKey, List<Rate>>();
    fields.forEach((field, price) -> read(key, field, price, cards));
    Json.list(fields.get("tiered_pricing")).forEach(tier -> tier(key, tier, cards));
    search(key, fields.get("search_context_cost_per_query"), cards);
    surcharges(fields, key, cards);
    if (Boolean.TRUE.equals(fields.get("supports_prompt_caching"))
        && fields.get("cache_read_input_token_cost") == null
        && fields.get("input_cost_per_token") != null) {
      note(Code.NO_CACHE_READ_PRICE, name, "it caches, and reading has no price");
    }
    cards.forEach(this::draft);
  }

  private static PriceKey key(String provider, String given, String name) {
    var prefix = name.indexOf('/');
    var own = prefix > 0 && !given.equals("None") && isOf(given, name.substring(0, prefix));
    var model = own ? name.substring(prefix + 1) : name;
    var regional = REGION.matcher(model);
    return REGIONAL.contains(provider) && regional.matches()
        ? new PriceKey(provider, regional.group(2), "", false, regional.group(1), Daily.ALWAYS)
        : PriceKey.of(provider, model);
  }

  /// Whether a name begins with that of its provider.
  private static boolean isOf(String provider, String prefix) {
    return provider.equals(prefix)
        || provider.startsWith(prefix + "_")
        || provider.startsWith(prefix + "-");
  }

  private void read(
      PriceKey key, String field, @Nullable Object price, Map<PriceKey, List<Rate>> cards) {
    var name = NAME.matcher(field);
    if (!name.matches() || !field.contains("cost")) {
      return;
    }
    var unit = UNITS.get(name.group(1));
    if (unit == null || !(price instanceof BigDecimal number)) {
      if (price instanceof BigDecimal number && number.signum() != 0) {
        note(Code.UNKNOWN_UNIT, key.model(), field);
      }
      return;
    }
    var above = name.group(2) == null ? 0 : Integer.parseInt(name.group(2)) * 1_000;
    var suffix = name.group(3) == null ? "" : name.group(3);
    var batch = suffix.equals("batches");
    var which =
        new PriceKey(
            key.provider(), key.model(), batch ? "" : suffix, batch, key.region(), Daily.ALWAYS);
    add(cards, which, rate(unit, above, number));
  }

  private static void tier(PriceKey key, Object tier, Map<PriceKey, List<Rate>> cards) {
    if (Json.list(Json.at(tier, "range")).stream().findFirst().orElse(null)
        instanceof BigDecimal start) {
      Json.object(tier)
          .forEach(
              (field, price) -> {
                var unit = UNITS.get(field);
                if (unit != null && price instanceof BigDecimal number) {
                  add(cards, key, rate(unit, start.intValue(), number));
                }
              });
    }
  }

  /// A search has one price only where it does not depend on how much context is asked for.
  private void search(PriceKey key, @Nullable Object sizes, Map<PriceKey, List<Rate>> cards) {
    var prices =
        Json.object(sizes).values().stream()
            .filter(BigDecimal.class::isInstance)
            .map(BigDecimal.class::cast)
            .map(BigDecimal::stripTrailingZeros)
            .distinct()
            .toList();
    if (prices.size() == 1) {
      add(cards, key, rate(Unit.WEB_SEARCH, 0, prices.getFirst()));
    } else if (!prices.isEmpty()) {
      note(Code.UNKNOWN_UNIT, key.model(), "a search costs by the size of its context");
    }
  }

  /// Regions and tiers that cost so many times the ordinary price.
  private static void surcharges(
      Map<String, @Nullable Object> fields, PriceKey key, Map<PriceKey, List<Rate>> cards) {
    var ordinary = cards.get(key);
    if (ordinary == null) {
      return;
    }
    surcharge(fields.get("regional_processing_uplift_multiplier_us"), "", "us", key, cards);
    surcharge(fields.get("regional_processing_uplift_multiplier_eu"), "", "eu", key, cards);
    var special = fields.get("provider_specific_entry");
    surcharge(Json.at(special, "us"), "", "us", key, cards);
    surcharge(Json.at(special, "fast"), "fast", "", key, cards);
  }

  private static void surcharge(
      @Nullable Object times,
      String tier,
      String region,
      PriceKey key,
      Map<PriceKey, List<Rate>> cards) {
    var ordinary = cards.get(key);
    if (times instanceof BigDecimal factor && ordinary != null) {
      var which = new PriceKey(key.provider(), key.model(), tier, false, region, Daily.ALWAYS);
      ordinary.forEach(
          rate -> {
            // Searches are not the model's work.
            var price =
                rate.unit() == Unit.WEB_SEARCH
                    ? rate.unitPrice()
                    : rate.unitPrice().multiply(factor);
            add(cards, which, new Rate(rate.unit(), rate.above(), price, rate.per()));
          });
    }
  }

  private void draft(PriceKey key, List<Rate> rates) {
    var draft = new Draft(key, null, List.copyOf(rates));
    var first = drafts.putIfAbsent(key, draft);
    if (first != null && !sameRates(first, draft)) {
      note(Code.CONTRADICTION, key.model(), "it is there twice; the first is taken");
    }
  }

  private static boolean sameRates(Draft first, Draft second) {
    return first.rates().size() == second.rates().size()
        && first.rates().stream().allMatch(rate -> second.rates().stream().anyMatch(rate::isLike));
  }

  /// A price of one, told for as many as prices are told for.
  private static Rate rate(Unit unit, int above, BigDecimal price) {
    return new Rate(unit, above, price.multiply(unit.per()).stripTrailingZeros(), unit.per());
  }

  private static void add(Map<PriceKey, List<Rate>> cards, PriceKey key, Rate rate) {
    cards.computeIfAbsent(key, _ -> new ArrayList<>()).add(rate);
  }

  private void note(Code code, String model, String message) {
    issues.add(new Issue(code, model, false, message));
  }
}
