package dev.agentserver.conversation.message;

import java.util.UUID;

/// A piece of a message. Structured values are JSON texts: their schema belongs to somebody else.
public sealed interface Part {
  /// Text, usually Markdown.
  record Text(String text) implements Part {}

  /// What the model thought, with the provider's signature.
  record Reasoning(String text, String signature) implements Part {}

  /// A tool the model wants called. `input` is a JSON object, or empty; `inputText` is what was
  /// written where it is no JSON object, else empty.
  record ToolCall(String id, String name, String input, String inputText) implements Part {}

  /// What a tool answered. `output` is a JSON value, or empty.
  record ToolResult(String toolCallId, String output, boolean error) implements Part {}

  /// A file inside the content.
  record FileRef(UUID fileId, String name, String mediaType) implements Part {}

  /// Structured content of the application, a JSON object.
  record Data(String json) implements Part {}
}
