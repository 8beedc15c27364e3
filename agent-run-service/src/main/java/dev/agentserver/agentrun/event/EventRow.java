package dev.agentserver.agentrun.event;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an event says, without its place in the sequence.
///
/// @param id given by the writer: the same event is not written twice
/// @param kind what happened, within the category
/// @param payload a JSON object; null: nothing
/// @param toolInput JSON; null: none was given
/// @param toolOutput JSON; null: none came
public record EventRow(
    UUID id,
    Category category,
    String kind,
    Level level,
    String content,
    @Nullable String payload,
    @Nullable String stepKey,
    @Nullable String toolName,
    @Nullable String toolInput,
    @Nullable String toolOutput,
    @Nullable Integer durationMs) {
  /// Something that the service itself has to say.
  ///
  /// @param payload a JSON object; null: nothing
  public static EventRow of(
      UUID id, Category category, String kind, String content, @Nullable String payload) {
    return new EventRow(
        id, category, kind, Level.INFO, content, payload, null, null, null, null, null);
  }

  /// The bytes of what it says, in UTF-8.
  public int bytes() {
    return Stream.of(content, payload, toolInput, toolOutput)
        .mapToInt(text -> text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
