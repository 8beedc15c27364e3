package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One message of Claude's. The blocks of its content become parts; attachments, whose text the
/// export has, and files, of which it has the names, stay with the message as they were.
final class ClaudeMessage {
  private static final int NAME = 255;

  private final String oldId;
  private final Fields fields;
  private final Draft draft;
  private final List<String> notes;
  private String call = "";
  private @Nullable Instant time;

  ClaudeMessage(UUID id, String oldId, JsonNode message, List<String> notes) {
    this.oldId = oldId;
    this.fields = Fields.of(message);
    this.draft = new Draft(id, oldId);
    this.notes = notes;
  }

  /// When it was said.
  @Nullable Instant time() {
    return time;
  }

  /// @param before when the message before was said: one without a time follows it at once
  Turn turn(@Nullable UUID parent, @Nullable Instant before) {
    var told = fields.time("created_at");
    time = told == null ? before : told;
    draft.at(time).role(role(fields.text("sender")));
    fields.text("uuid");
    fields.text("parent_message_uuid");
    content();
    fields.dropEmpty("attachments");
    fields.dropEmpty("files");
    return draft.turn(parent, ClaudeSource.NAME, fields.left());
  }

  private Role role(String sender) {
    return switch (sender) {
      case "human" -> Role.user;
      case "assistant" -> Role.assistant;
      default -> {
        notes.add("message " + oldId + " is by \"" + sender + "\": taken for the assistant");
        draft.mark("role", sender);
        yield Role.assistant;
      }
    };
  }

  /// Older exports have a text only; newer ones say it again beside the blocks.
  private void content() {
    var text = fields.text("text");
    var blocks = fields.take("content");
    if (blocks.isTextual() || blocks.isEmpty()) {
      draft.text(blocks.isTextual() ? blocks.textValue() : text);
      return;
    }
    var left = JsonElements.JSON.createArrayNode();
    var said = new StringBuilder();
    for (var block : blocks) {
      if (block.path("type").asText().equals("text")) {
        said.append(block.path("text").asText());
      }
      block(block, left);
    }
    if (left.valueStream().anyMatch(block -> !block.isEmpty())) {
      fields.left().set("content", left);
    }
    if (!said.toString().strip().equals(text.strip())) {
      fields.left().put("text", text);
    }
  }

  /// @param left what is not understood of each block, in order; an empty object: all was
  private void block(JsonNode block, ArrayNode left) {
    var own = Fields.of(block);
    switch (own.text("type")) {
      case "text" -> draft.text(own.text("text"));
      case "thinking" -> draft.reasoning(own.text("thinking"), own.text("signature"));
      case "tool_use" -> call(own);
      case "tool_result" -> result(own);
      default -> {
        notes.add(
            "message " + oldId + " has a block of the type \"" + type(block) + "\": kept as it is");
        own = Fields.of(block);
      }
    }
    for (var name : List.of("citations", "message", "id", "name", "input", "tool_use_id")) {
      own.dropEmpty(name);
    }
    left.add(own.left());
  }

  private static String type(JsonNode block) {
    return block.path("type").asText("");
  }

  private void call(Fields block) {
    var id = block.text("id");
    call = id.isEmpty() ? oldId : id;
    var name = block.text("name");
    var input = block.take("input");
    var proto =
        ToolCallPart.newBuilder()
            .setId(Texts.beginning(Texts.clean(call), NAME))
            .setName(name.isEmpty() ? "unknown" : Texts.beginning(Texts.clean(name), NAME));
    if (input.isObject()) {
      proto.setInput(Kept.struct(input));
    } else if (!input.isMissingNode()) {
      proto.setInputText(Texts.clean(input.toString()));
    }
    draft.part(Part.newBuilder().setToolCall(proto).build());
  }

  private void result(Fields block) {
    var named = block.text("tool_use_id");
    var id = named.isEmpty() ? call : named;
    var error = block.take("is_error").asBoolean();
    draft.part(
        Part.newBuilder()
            .setToolResult(
                ToolResultPart.newBuilder()
                    .setToolCallId(id.isEmpty() ? oldId : Texts.beginning(Texts.clean(id), NAME))
                    .setOutput(Kept.value(block.take("content")))
                    .setIsError(error))
            .build());
  }
}
