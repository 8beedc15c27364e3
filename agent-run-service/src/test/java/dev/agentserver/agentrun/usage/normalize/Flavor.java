package dev.agentserver.agentrun.usage.normalize;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// How a provider says it.
public enum Flavor {
  OPENAI("openai", "chat") {
    @Override
    public String report(Used u) {
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
    public int total(Used u) {
      return u.prompt() + u.answer + u.sound + u.thought;
    }
  },
  OPENAI_WITHOUT_DETAILS_OF_THE_CACHE("openrouter", "chat") {
    @Override
    public String report(Used u) {
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
    public int total(Used u) {
      return OPENAI.total(u);
    }
  },
  XAI("xai", "chat") {
    @Override
    public String report(Used u) {
      return """
      {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
       "prompt_tokens_details": {"cached_tokens": %d},
       "completion_tokens_details": {"reasoning_tokens": %d}}"""
          .formatted(u.text + u.cachedText, u.answer, total(u), u.cachedText, u.thought);
    }

    @Override
    public int total(Used u) {
      return u.text + u.cachedText + u.answer + u.thought;
    }
  },
  DEEPSEEK("deepseek", "chat") {
    @Override
    public String report(Used u) {
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
    public int total(Used u) {
      return u.text + u.cachedText + u.answer + u.thought;
    }
  },
  ANTHROPIC("anthropic", "messages") {
    @Override
    public String report(Used u) {
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
    public int total(Used u) {
      return u.text + u.cachedText + u.write + u.hour + u.answer + u.thought;
    }
  },
  GEMINI("google", "generateContent") {
    @Override
    public String report(Used u) {
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
    public int total(Used u) {
      return u.prompt() - u.write + u.tool + u.answer + u.sound + u.thought;
    }
  },
  CONVERSE("bedrock", "converse") {
    @Override
    public String report(Used u) {
      return """
      {"inputTokens": %d, "cacheReadInputTokens": %d, "cacheWriteInputTokens": %d,
       "cacheDetails": [{"ttl": "5m", "inputTokens": %d}, {"ttl": "1h", "inputTokens": %d}],
       "outputTokens": %d, "totalTokens": %d}"""
          .formatted(u.text, u.cachedText, u.write + u.hour, u.write, u.hour, u.answer, total(u));
    }

    @Override
    public int total(Used u) {
      return u.text + u.cachedText + u.write + u.hour + u.answer;
    }
  },
  MISTRAL("mistral", "chat") {
    @Override
    public String report(Used u) {
      return """
      {"prompt_tokens": %d, "num_cached_tokens": %d, "completion_tokens": %d, "total_tokens": %d}"""
          .formatted(u.text + u.cachedText, u.cachedText, u.answer, total(u));
    }

    @Override
    public int total(Used u) {
      return u.text + u.cachedText + u.answer;
    }
  };

  /// What was really used.
  public record Used(
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
    public static Used random(RandomGenerator random) {
      var some = new int[10];
      Arrays.setAll(some, _ -> random.nextInt(3) == 0 ? 0 : random.nextInt(1, 300_000));
      return new Used(
          some[0], some[1], some[2], some[3], some[4], some[5], some[6], some[7], some[8], some[9]);
    }

    int prompt() {
      return text + audio + cachedText + cachedAudio + write;
    }
  }

  private final String provider;
  private final String api;

  Flavor(String provider, String api) {
    this.provider = provider;
    this.api = api;
  }

  public abstract String report(Used used);

  public abstract int total(Used used);

  public String provider() {
    return provider;
  }

  public String api() {
    return api;
  }
}
