package dev.agentserver.agentrun.usage.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.NormalizedUsage.State;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NormalizerTest {
  private final RawNormalizer normalizer = new RawNormalizer(Extractors.builtIn());

  @TestFactory
  Stream<DynamicTest> everyCase() throws IOException {
    try (var in = NormalizerTest.class.getResourceAsStream("/usage/cases.json")) {
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
    var warnings = usage.warnings().stream().map(each -> each.code().name()).distinct().toList();
    assertThat(usage.state().name()).isEqualTo(given.getOrDefault("state", "REPORTED"));
    assertThat(warnings)
        .as("%s", usage.warnings())
        .isEqualTo(Json.list(given.get("warnings")).stream().map(String::valueOf).toList());
    assertThat(usage.provider()).isEqualTo(given.getOrDefault("named", given.get("provider")));
    assertThat(usage.conditions().tier()).isEqualTo(given.getOrDefault("tier", ""));
    assertThat(usage.conditions().region()).isEqualTo(given.getOrDefault("region", ""));
    assertThat(usage.conditions().batch()).isEqualTo(given.getOrDefault("batch", false));
    assertThat(usage.reportedCost() == null ? null : usage.reportedCost().toPlainString())
        .isEqualTo(given.get("reported"));
    assertThat(quantities(usage)).isEqualTo(units(given));
    if (usage.state() == State.REPORTED) {
      assertThat(usage.readings())
          .extracting(Reading::model)
          .containsOnly(given.getOrDefault("called", given.get("model")).toString());
    }
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    return String.valueOf(fields.get(name));
  }

  private static Map<String, BigDecimal> units(Map<String, @Nullable Object> given) {
    return Json.object(given.get("units")).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, each -> new BigDecimal(String.valueOf(each.getValue()))));
  }

  private static Map<String, BigDecimal> quantities(NormalizedUsage usage) {
    return usage.readings().stream()
        .flatMap(reading -> reading.quantities().entrySet().stream())
        .collect(Collectors.toMap(each -> each.getKey().key(), Map.Entry::getValue));
  }

  @Test
  void eachIterationOfAnAnswerIsOfItsOwnModel() {
    var usage =
        normalizer.normalize(
            "anthropic",
            "messages",
            "small",
            """
            {"input_tokens": 30, "output_tokens": 9, "server_tool_use": {"web_search_requests": 1},
             "iterations": [
               {"type": "message", "input_tokens": 10, "output_tokens": 4},
               {"type": "advisor_message", "model": "large", "input_tokens": 100, "output_tokens": 50,
                "cache_read_input_tokens": 7},
               {"type": "compaction", "input_tokens": 500, "output_tokens": 60},
               {"type": "message", "input_tokens": 20, "output_tokens": 5}]}""");
    assertThat(usage.warnings()).isEmpty();
    assertThat(usage.readings())
        .containsExactly(
            reading("small", Map.of(Unit.INPUT, 10, Unit.OUTPUT, 4, Unit.WEB_SEARCH, 1)),
            reading("large", Map.of(Unit.INPUT, 100, Unit.CACHE_READ, 7, Unit.OUTPUT, 50)),
            reading("small", Map.of(Unit.INPUT, 500, Unit.OUTPUT, 60)),
            reading("small", Map.of(Unit.INPUT, 20, Unit.OUTPUT, 5)));
  }

  @Test
  void theModelsOfASystemOfModelsAreBilledEach() {
    var usage =
        normalizer.normalize(
            "groq",
            "chat",
            "compound",
            """
            {"usage": {"prompt_tokens": 30, "completion_tokens": 9, "total_tokens": 39},
             "usage_breakdown": {"models": [
               {"model": "a", "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14}},
               {"model": "b", "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}}]}}""");
    assertThat(usage.warnings()).isEmpty();
    assertThat(usage.readings())
        .containsExactly(
            reading("a", Map.of(Unit.INPUT, 10, Unit.OUTPUT, 4)),
            reading("b", Map.of(Unit.INPUT, 20, Unit.OUTPUT, 5)));
  }

  private static Reading reading(String model, Map<Unit, Integer> quantities) {
    return new Reading(
        model,
        quantities.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, each -> BigDecimal.valueOf(each.getValue()))));
  }

  @Test
  void whatIsNotJsonIsInvalidAndNothingIsMissing() {
    var broken = normalizer.normalize("openai", "chat", "m", "{\"prompt_tokens\": ");
    assertThat(broken.state()).isEqualTo(State.INVALID);
    assertThat(broken.warnings()).extracting(each -> each.code()).containsExactly(Code.NOT_JSON);
    for (var nothing : new String[] {"", "null", "[]", "7", "{}", "\"x\"", "[[]]"}) {
      assertThat(normalizer.normalize("openai", "chat", "m", nothing).state())
          .as(nothing)
          .isEqualTo(State.MISSING);
    }
  }
}
