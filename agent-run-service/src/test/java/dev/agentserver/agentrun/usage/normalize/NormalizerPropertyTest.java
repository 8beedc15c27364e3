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

  /// What was really used.
  private record Used(
      int text,
      int audio,
      int cachedText,
      int cachedAudio,
      int write,
      int hour,
      int tool,
      int answer,
      int sound,
      int thought) {
    static Used random(SplittableRandom random) {
      var some = new int[10];
      Arrays.setAll(some, _ -> random.nextInt(3) == 0 ? 0 : random.nextInt(1, 300_000));
      return new Used(
          some[0], some[1], some[2], some[3], some[4], some[5], some[6], some[7], some[8], some[9]);
    }

    int prompt() {
      return text + audio + cachedText + cachedAudio + write;
    }
  }

  /// How a provider says it.
  private enum Flavor {
    OPENAI("openai", "chat") {
      @Override
      String report(Used u) {
        return """
        {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
         "prompt_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d, "audio_tokens": %d,
           "cached_tokens_details": {"text_tokens": %d, "audio_tokens": %d}},
         "completion_tokens_details": {"reasoning_tokens": %d, "audio_tokens": %d}}"""
            .formatted(
                u.prompt(),
                u.answer + u.sound + u.thought,
                total(u),
                u.cachedText + u.cachedAudio,
                u.write,
                u.audio + u.cachedAudio,
                u.cachedText,
                u.cachedAudio,
                u.thought,
                u.sound);
      }

      @Override
      int total(Used u) {
        return u.prompt() + u.answer + u.sound + u.thought;
      }
    },
    OPENAI_WITHOUT_DETAILS_OF_THE_CACHE("openrouter", "chat") {
      @Override
      String report(Used u) {
        return """
        {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
         "prompt_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d, "audio_tokens": %d},
         "completion_tokens_details": {"reasoning_tokens": %d, "audio_tokens": %d}}"""
            .formatted(
                u.prompt(),
                u.answer + u.sound + u.thought,
                total(u),
                u.cachedText + u.cachedAudio,
                u.write,
                u.audio + u.cachedAudio,
                u.thought,
                u.sound);
      }

      @Override
      int total(Used u) {
        return OPENAI.total(u);
      }
    },
    XAI("xai", "chat") {
      @Override
      String report(Used u) {
        return """
        {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
         "prompt_tokens_details": {"cached_tokens": %d},
         "completion_tokens_details": {"reasoning_tokens": %d}}"""
            .formatted(u.text + u.cachedText, u.answer, total(u), u.cachedText, u.thought);
      }

      @Override
      int total(Used u) {
        return u.text + u.cachedText + u.answer + u.thought;
      }
    },
    DEEPSEEK("deepseek", "chat") {
      @Override
      String report(Used u) {
        return """
        {"prompt_tokens": %d, "prompt_cache_hit_tokens": %d, "prompt_cache_miss_tokens": %d,
         "completion_tokens": %d, "total_tokens": %d,
         "completion_tokens_details": {"reasoning_tokens": %d}}"""
            .formatted(
                u.text + u.cachedText,
                u.cachedText,
                u.text,
                u.answer + u.thought,
                total(u),
                u.thought);
      }

      @Override
      int total(Used u) {
        return u.text + u.cachedText + u.answer + u.thought;
      }
    },
    ANTHROPIC("anthropic", "messages") {
      @Override
      String report(Used u) {
        return """
        {"input_tokens": %d, "cache_read_input_tokens": %d, "cache_creation_input_tokens": %d,
         "cache_creation": {"ephemeral_5m_input_tokens": %d, "ephemeral_1h_input_tokens": %d},
         "output_tokens": %d, "output_tokens_details": {"thinking_tokens": %d}}"""
            .formatted(
                u.text,
                u.cachedText,
                u.write + u.hour,
                u.write,
                u.hour,
                u.answer + u.thought,
                u.thought);
      }

      @Override
      int total(Used u) {
        return u.text + u.cachedText + u.write + u.hour + u.answer + u.thought;
      }
    },
    GEMINI("google", "generateContent") {
      @Override
      String report(Used u) {
        return """
        {"promptTokenCount": %d, "cachedContentTokenCount": %d, "toolUsePromptTokenCount": %d,
         "promptTokensDetails": [{"modality": "TEXT", "tokenCount": %d}, {"modality": "AUDIO", "tokenCount": %d}],
         "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": %d}, {"modality": "AUDIO", "tokenCount": %d}],
         "candidatesTokenCount": %d, "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": %d}],
         "thoughtsTokenCount": %d, "totalTokenCount": %d}"""
            .formatted(
                u.prompt() - u.write,
                u.cachedText + u.cachedAudio,
                u.tool,
                u.text + u.cachedText,
                u.audio + u.cachedAudio,
                u.cachedText,
                u.cachedAudio,
                u.answer + u.sound,
                u.sound,
                u.thought,
                total(u));
      }

      @Override
      int total(Used u) {
        return u.prompt() - u.write + u.tool + u.answer + u.sound + u.thought;
      }
    },
    CONVERSE("bedrock", "converse") {
      @Override
      String report(Used u) {
        return """
        {"inputTokens": %d, "cacheReadInputTokens": %d, "cacheWriteInputTokens": %d,
         "cacheDetails": [{"ttl": "5m", "inputTokens": %d}, {"ttl": "1h", "inputTokens": %d}],
         "outputTokens": %d, "totalTokens": %d}"""
            .formatted(u.text, u.cachedText, u.write + u.hour, u.write, u.hour, u.answer, total(u));
      }

      @Override
      int total(Used u) {
        return u.text + u.cachedText + u.write + u.hour + u.answer;
      }
    },
    MISTRAL("mistral", "chat") {
      @Override
      String report(Used u) {
        return """
        {"prompt_tokens": %d, "num_cached_tokens": %d, "completion_tokens": %d, "total_tokens": %d}"""
            .formatted(u.text + u.cachedText, u.cachedText, u.answer, total(u));
      }

      @Override
      int total(Used u) {
        return u.text + u.cachedText + u.answer;
      }
    };

    private final String provider;
    private final String api;

    Flavor(String provider, String api) {
      this.provider = provider;
      this.api = api;
    }

    abstract String report(Used used);

    abstract int total(Used used);
  }

  @ParameterizedTest
  @EnumSource
  void everyTokenIsCountedOnce(Flavor flavor) {
    var random = new SplittableRandom(flavor.ordinal());
    for (var i = 0; i < TIMES; i++) {
      var used = Used.random(random);
      var report = flavor.report(used);
      var usage = normalizer.normalize(flavor.provider, flavor.api, "m", report);
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
