package dev.agentserver.conversation.message;

import dev.agentserver.conversation.event.StoredEvent;
import java.util.ArrayList;
import java.util.List;

/// The parts of a message that is written piece by piece, put together from what was there before
/// and the events since.
public final class Parts {
  private final List<Growing> parts = new ArrayList<>();

  /// A part and what it has grown by.
  private static final class Growing {
    private final Part start;
    private final StringBuilder text = new StringBuilder();
    private String signature = "";

    private Growing(Part start) {
      this.start = start;
      switch (start) {
        case Part.Text(var before) -> text.append(before);
        case Part.Reasoning(var before, var signed) -> {
          text.append(before);
          signature = signed;
        }
        case Part.ToolCall call -> text.append(call.inputText());
        case Part.ToolResult _, Part.FileRef _, Part.Data _ -> {
          // Whole from the beginning.
        }
      }
    }
  }

  /// @param before the parts as they were known before the events
  public Parts(List<Part> before) {
    before.forEach(part -> parts.add(new Growing(part)));
  }

  /// Applies an event of the message; one that does not concern its parts is passed over.
  public Parts apply(StoredEvent event) {
    var row = event.row();
    switch (row.type()) {
      case PART_STARTED -> parts.add(new Growing(PartsJson.read(row.data()).getFirst()));
      case PART_DELTA -> parts.get(row.part()).text.append(row.content());
      case PART_DONE -> {
        var signature = MetadataJson.read(row.data()).getOrDefault("signature", "");
        if (!signature.isEmpty()) {
          parts.get(row.part()).signature = signature;
        }
      }
      case MESSAGE_CREATED,
          MESSAGE_COMPLETED,
          MESSAGE_FAILED,
          MESSAGE_UPDATED,
          CONVERSATION_UPDATED,
          CONVERSATION_DELETED -> {
        // Not about parts.
      }
    }
    return this;
  }

  /// The parts as they are now. A tool call's input is still the text that was written of it.
  public List<Part> soFar() {
    return parts.stream().map(part -> part(part, false)).toList();
  }

  /// The parts when nothing more is written: a tool call's text is read as the JSON object it
  /// should be.
  public List<Part> whole() {
    return parts.stream().map(part -> part(part, true)).toList();
  }

  private static Part part(Growing part, boolean whole) {
    var text = part.text.toString();
    return switch (part.start) {
      case Part.Text _ -> new Part.Text(text);
      case Part.Reasoning _ -> new Part.Reasoning(text, part.signature);
      case Part.ToolCall call -> {
        var input = whole && call.input().isEmpty() ? ToolInput.object(text) : null;
        yield input == null
            ? new Part.ToolCall(call.id(), call.name(), call.input(), text)
            : new Part.ToolCall(call.id(), call.name(), input, "");
      }
      case Part.ToolResult _, Part.FileRef _, Part.Data _ -> part.start;
    };
  }
}
