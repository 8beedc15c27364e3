package dev.agentserver.agentrun.agent;

import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What of agents can be changed while the process runs.
///
/// @param maxPerUser the most agents that a user may own
/// @param tokenLimit the most tokens that an answer of any agent may have
/// @param model of new agents that name none; empty: none
/// @param provider likewise
/// @param temperature likewise
/// @param maxTokens likewise; 0: none
public record AgentSettings(
    LiveSetting<Integer> maxPerUser,
    LiveSetting<Integer> tokenLimit,
    LiveSetting<String> model,
    LiveSetting<String> provider,
    LiveSetting<Optional<Double>> temperature,
    LiveSetting<Integer> maxTokens) {
  private static final int MAX_TOKENS = 10_000_000;

  /// Registers the settings.
  public static AgentSettings in(LiveConfig config) {
    return new AgentSettings(
        config.integer(
            "agents.max_per_user",
            "MAX_AGENTS_PER_USER",
            1_000,
            1,
            100_000,
            "The most agents that a user may own."),
        config.integer(
            "agents.max_tokens",
            "AGENT_MAX_TOKENS",
            MAX_TOKENS,
            1,
            MAX_TOKENS,
            "The most tokens that an answer of any agent may have."),
        config.text(
            "agents.default.model",
            "AGENT_DEFAULT_MODEL",
            "",
            "{\"maxLength\":255}",
            Function.identity(),
            "The model of new agents that name none. Empty: whoever runs them chooses."),
        config.text(
            "agents.default.provider",
            "AGENT_DEFAULT_PROVIDER",
            "",
            "{\"maxLength\":64}",
            Function.identity(),
            "The provider of new agents that name neither a model nor a provider."),
        config.text(
            "agents.default.temperature",
            "AGENT_DEFAULT_TEMPERATURE",
            "",
            "{\"pattern\":\"^([01](\\\\.[0-9]{1,3})?|2(\\\\.0{1,3})?)?$\"}",
            AgentSettings::number,
            "The temperature of new agents that name none: 0 to 2. Empty: whoever runs them chooses."),
        config.integer(
            "agents.default.max_tokens",
            "AGENT_DEFAULT_MAX_TOKENS",
            0,
            0,
            MAX_TOKENS,
            "The most tokens of an answer of new agents that say nothing. 0: whoever runs them"
                + " chooses."));
  }

  private static Optional<Double> number(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var number = Double.parseDouble(text);
    if (!(number >= 0 && number <= 2)) {
      throw new IllegalArgumentException("is not between 0 and 2");
    }
    return Optional.of(number);
  }

  /// How long an answer may be, whatever an agent asks for.
  public TokenLimit tokensAllowed() {
    return new TokenLimit(tokenLimit::get);
  }

  @Nullable Integer tokens() {
    var tokens = maxTokens.get();
    return tokens == 0 ? null : Integer.valueOf(Math.min(tokens, tokenLimit.get()));
  }
}
