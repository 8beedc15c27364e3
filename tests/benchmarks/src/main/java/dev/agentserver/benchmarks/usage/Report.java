package dev.agentserver.benchmarks.usage;

/// What a provider reports.
public enum Report {
  OPENAI(
      "openai",
      "chat",
      "gpt-4.1",
      """
      {"prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
       "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
       "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0,
         "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}"""),
  ANTHROPIC(
      "anthropic",
      "messages",
      "claude-sonnet-4-5",
      """
      {"input_tokens": 21, "cache_creation_input_tokens": 2048, "cache_read_input_tokens": 10000,
       "cache_creation": {"ephemeral_5m_input_tokens": 1024, "ephemeral_1h_input_tokens": 1024},
       "output_tokens": 503, "service_tier": "standard"}"""),
  GEMINI(
      "google",
      "generateContent",
      "gemini-2.5-pro",
      """
      {"promptTokenCount": 250000, "cachedContentTokenCount": 100000, "candidatesTokenCount": 1000,
       "thoughtsTokenCount": 3000, "totalTokenCount": 254000,
       "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 250000}],
       "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 100000}]}""");

  private final String provider;
  private final String api;
  private final String model;
  private final String raw;

  Report(String provider, String api, String model, String raw) {
    this.provider = provider;
    this.api = api;
    this.model = model;
    this.raw = raw;
  }

  String provider() {
    return provider;
  }

  String api() {
    return api;
  }

  String model() {
    return model;
  }

  String raw() {
    return raw;
  }
}
