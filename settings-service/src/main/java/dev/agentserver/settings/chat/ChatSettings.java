package dev.agentserver.settings.chat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a user chats.
///
/// @param version counts the changes; 0: nothing was ever changed
public record ChatSettings(Choices choices, long version, @Nullable Instant updatedAt) {
  /// Of a user who has chosen nothing.
  static final ChatSettings NONE =
      new ChatSettings(new Choices(List.of(), List.of(), null, null, null, null), 0, null);

  /// What can be chosen; what is null is left to the defaults.
  public record Choices(
      List<String> enabledTools,
      List<String> enabledAgents,
      @Nullable String model,
      @Nullable Double temperature,
      @Nullable Integer maxTokens,
      @Nullable String systemPrompt) {}

  public String etag() {
    return Long.toString(version);
  }
}
