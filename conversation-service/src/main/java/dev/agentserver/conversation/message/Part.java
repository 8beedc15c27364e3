package dev.agentserver.conversation.message;

import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.link.FilePeer.File;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// A piece of a message. Structured values are JSON texts: their schema belongs to somebody else.
public sealed interface Part {
  /// The file that it is, if it is one.
  ///
  /// @param field where the part stands in the request, for example `parts[2].`
  default Stream<FileLinks.Link> fileLink(String field) {
    return this instanceof FileRef file
        ? Stream.of(new FileLinks.Link(field + "file.file_id", file.fileId()))
        : Stream.empty();
  }

  /// The same, saying of its file what is known of it.
  default Part saying(Map<UUID, File> files) {
    if (this instanceof FileRef(var id, _, _)) {
      var file = files.get(id);
      return new FileRef(id, file.name(), file.mediaType());
    }
    return this;
  }

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
