package dev.agentserver.settings.chat;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.settings.chat.ChatSettings.Choices;
import java.util.Objects;

/// How a user chats who has not said otherwise.
///
/// @param model empty: whoever answers chooses
/// @param maxTokensLimit the most that anybody may choose
public record ChatDefaults(String model, double temperature, int maxTokens, int maxTokensLimit) {
  private static final int MAX_TOKENS = 32_000;
  private static final double MAX_TEMPERATURE = 2;

  /// Reads the environment; docs/operations.md lists the variables.
  public static ChatDefaults from(Environment environment) {
    var limit = environment.integer("CHAT_MAX_TOKENS", MAX_TOKENS, 1, MAX_TOKENS);
    return new ChatDefaults(
        environment.text("CHAT_DEFAULT_MODEL", ""),
        temperature(environment.text("CHAT_DEFAULT_TEMPERATURE", "0.7")),
        environment.integer("CHAT_DEFAULT_MAX_TOKENS", Math.min(2_000, limit), 1, limit),
        limit);
  }

  private static double temperature(String text) {
    try {
      var temperature = Double.parseDouble(text);
      if (temperature >= 0 && temperature <= MAX_TEMPERATURE) {
        return temperature;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(complaint(text), notANumber);
    }
    throw new IllegalArgumentException(complaint(text));
  }

  private static String complaint(String text) {
    return "CHAT_DEFAULT_TEMPERATURE is \"" + text + "\", allowed is a number from 0 to 2";
  }

  /// The settings with nothing left open. What was chosen before the limit was lowered is cut.
  ChatSettings complete(ChatSettings settings) {
    var chosen = settings.choices();
    return new ChatSettings(
        new Choices(
            chosen.enabledTools(),
            chosen.enabledAgents(),
            Objects.requireNonNullElse(chosen.model(), model),
            Objects.requireNonNullElse(chosen.temperature(), temperature),
            Math.min(Objects.requireNonNullElse(chosen.maxTokens(), maxTokens), maxTokensLimit),
            Objects.requireNonNullElse(chosen.systemPrompt(), "")),
        settings.version(),
        settings.updatedAt());
  }
}
