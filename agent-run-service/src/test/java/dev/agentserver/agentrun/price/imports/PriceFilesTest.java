package dev.agentserver.agentrun.price.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.imports.Issue.Code;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.normalize.Extractors;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PriceFilesTest {
  private final Extractors extractors = Extractors.builtIn();

  @Test
  void litellmNamesTiersBatchesSizesAndRegions() {
    var file =
        litellm(
            """
            {"sample_spec": {"input_cost_per_token": 0.5},
             "gpt-x": {"litellm_provider": "openai", "supports_prompt_caching": true,
               "input_cost_per_token": 2.5e-06, "input_cost_per_token_above_272k_tokens": 5e-06,
               "input_cost_per_token_flex": 1.25e-06, "input_cost_per_token_batches": 1.25e-06,
               "output_cost_per_token": 1.5e-05, "output_cost_per_token_flex": 7.5e-06,
               "regional_processing_uplift_multiplier_eu": 1.1, "max_tokens": 100,
               "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_high": 0.01}},
             "gemini/gemini-x": {"litellm_provider": "gemini", "input_cost_per_token": 1e-06},
             "bedrock/us-east-1/cohere.x": {"litellm_provider": "bedrock", "input_cost_per_token": 1e-06},
             "vertex_ai/claude-x@20250929": {"litellm_provider": "vertex_ai-anthropic_models",
               "cache_creation_input_token_cost_above_1hr": 6e-06},
             "dashscope/q": {"litellm_provider": "dashscope", "tiered_pricing": [
               {"range": [0, 1000], "input_cost_per_token": 1e-07},
               {"range": [1000, 2000], "input_cost_per_token": 2e-07}]}}""");
    assertThat(rates(file, PriceKey.of("openai", "gpt-x")))
        .containsExactlyInAnyOrder("input 2.5", "input>272000 5", "output 15", "web_search 10");
    assertThat(rates(file, key("openai", "gpt-x", "flex", false, "")))
        .containsExactlyInAnyOrder("input 1.25", "output 7.5");
    assertThat(rates(file, key("openai", "gpt-x", "", true, ""))).containsExactly("input 1.25");
    assertThat(rates(file, key("openai", "gpt-x", "", false, "eu")))
        .containsExactlyInAnyOrder(
            "input 2.75", "input>272000 5.5", "output 16.5", "web_search 10");
    assertThat(rates(file, PriceKey.of("google", "gemini-x"))).containsExactly("input 1");
    assertThat(rates(file, key("bedrock", "cohere.x", "", false, "us-east-1")))
        .containsExactly("input 1");
    assertThat(rates(file, PriceKey.of("vertex", "claude-x@20250929")))
        .containsExactly("cache_write_1h 6");
    assertThat(rates(file, PriceKey.of("dashscope", "q")))
        .containsExactlyInAnyOrder("input 0.1", "input>1000 0.2");
    assertThat(file.issues()).extracting(Issue::code).containsExactly(Code.NO_CACHE_READ_PRICE);
  }

  @Test
  void whatNobodyAsksIsRejectedAndWhatLostDigitsIsTold() {
    var file =
        DraftCheck.of(
            litellm(
                """
                {"wandb/dear": {"litellm_provider": "wandb", "input_cost_per_token": 0.015},
                 "wandb/edge": {"litellm_provider": "wandb", "input_cost_per_token": 0.001},
                 "wandb/less": {"litellm_provider": "wandb", "input_cost_per_token": -1e-06},
                 "r": {"litellm_provider": "openai",
                   "input_cost_per_token": 2.5e-06, "input_cost_per_token_flex": 1.25e-06,
                   "cache_read_input_token_cost": 2.5e-07, "cache_read_input_token_cost_flex": 1.3e-07}}"""));
    assertThat(file.issues())
        .extracting(issue -> issue.code() + " " + issue.model() + " " + issue.rejected())
        .containsExactly("ABSURD_PRICE dear true", "NOT_A_PRICE less true", "ROUNDED r false");
    assertThat(file.drafts())
        .extracting(draft -> draft.key().model())
        .containsExactly("edge", "r", "r");
  }

  @Test
  void genaiPricesHaveDatesTimesOfDayAndSizes() {
    var file =
        GenaiPrices.read(
            json(
                """
                [{"id": "x-ai", "models": [
                   {"id": "a", "match": {"or": [{"equals": "a-latest"}, {"starts_with": "a-"}]},
                    "prices": [{"prices": {"input_mtok": 10}},
                               {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok":
                                 {"base": 2, "tiers": [{"start": 200000, "price": 4}]}}}]},
                   {"id": "night", "match": {"equals": "night"},
                    "prices": [{"prices": {"output_mtok": 0.5}},
                               {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"},
                                "prices": {"output_mtok": 0.25}}]},
                   {"id": "free", "match": {"equals": "free"}, "prices": {}},
                   {"id": "odd", "match": {"equals": "odd"}, "prices": {"smell_mtok": 1, "web_searches_kcount": 10}}]}]"""),
            extractors::provider);
    assertThat(file.drafts())
        .filteredOn(draft -> draft.key().model().equals("a-latest"))
        .extracting(Draft::from)
        .containsExactly(null, Instant.parse("2025-06-10T00:00:00Z"));
    assertThat(rates(file, new PriceKey("xai", "night", "", false, "", new Daily(990, 1440))))
        .containsExactly("output 0.25");
    assertThat(rates(file, new PriceKey("xai", "night", "", false, "", new Daily(0, 30))))
        .containsExactly("output 0.25");
    assertThat(rates(file, PriceKey.of("xai", "free"))).isEmpty();
    assertThat(rates(file, PriceKey.of("xai", "odd"))).containsExactly("web_search 10");
    assertThat(file.issues())
        .extracting(Issue::code)
        .containsExactly(Code.INEXACT_NAME, Code.UNKNOWN_UNIT);
  }

  @Test
  void whatComesWithTheSuiteIsPlausibleAndContradictsNothing() {
    var versions = BuiltInBook.versions();
    var drafts =
        versions.stream().map(each -> new Draft(each.key(), each.from(), each.rates())).toList();
    assertThat(DraftCheck.of(new PriceFile(drafts, List.of())).issues()).isEmpty();
    assertThat(versions).extracting(PriceVersion::id).doesNotHaveDuplicates();
    assertThat(versions).extracting(each -> each.rates().isEmpty()).containsOnly(false);
    assertThat(versions.stream().map(each -> each.key().provider()).distinct())
        .allMatch(provider -> extractors.provider(provider).equals(provider));
    var byKey = versions.stream().collect(Collectors.groupingBy(PriceVersion::key));
    for (var one : byKey.values()) {
      one.sort(
          Comparator.comparing(
              PriceVersion::from, Comparator.nullsFirst(Comparator.naturalOrder())));
      for (var i = 1; i < one.size(); i++) {
        assertThat(one.get(i).from()).isEqualTo(one.get(i - 1).until());
      }
      assertThat(one.getLast().until()).as("%s", one).isNull();
    }
  }

  private PriceFile litellm(String text) {
    return LitellmPrices.read(json(text), extractors::provider);
  }

  private static Object json(String text) {
    return Json.read(text).orElseThrow().getFirst();
  }

  private static PriceKey key(
      String provider, String model, String tier, boolean batch, String region) {
    return new PriceKey(provider, model, tier, batch, region, Daily.ALWAYS);
  }

  private static List<String> rates(PriceFile file, PriceKey key) {
    Function<Rate, String> text =
        rate ->
            rate.unit().key()
                + (rate.above() == 0 ? "" : ">" + rate.above())
                + " "
                + rate.unitPrice().stripTrailingZeros().toPlainString();
    return file.drafts().stream()
        .filter(draft -> draft.key().equals(key))
        .flatMap(draft -> draft.rates().stream())
        .map(text)
        .toList();
  }
}
