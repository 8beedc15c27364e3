package dev.agentserver.commandline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Value;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ToolCallPart;
import dev.agentserver.conversation.v1.ToolResultPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One message of ChatGPT's. Text is text, thoughts are reasoning, what is addressed to a tool is a
/// tool call and what the tool says its result; every other field stays with the message as it was.
final class ChatGptMessage {
  private static final String EVERYBODY = "all";
  private static final int NAME = 255;

  private final ChatGptTree.Node node;
  private final Fields fields;
  private final Draft draft;
  private final Map<String, String> calls;
  private final List<String> notes;
  private @Nullable Instant time;

  /// @param calls the tool calls so far, by the node that made them
  ChatGptMessage(UUID id, ChatGptTree.Node node, Map<String, String> calls, List<String> notes) {
    this.node = node;
    this.fields = Fields.of(node.message());
    this.draft = new Draft(id, node.id());
    this.calls = calls;
    this.notes = notes;
  }

  /// When it was said.
  @Nullable Instant time() {
    return time;
  }

  /// @param before when its parent was said: a message without a time follows it at once
  Turn turn(@Nullable UUID parent, @Nullable Instant before) {
    var told = fields.time("create_time");
    time = told == null ? before : told;
    draft.at(time);
    if (fields.peek("id").asText().equals(node.id())) {
      fields.take("id");
    }
    var author = Fields.of(fields.take("author"));
    var tool = author.peek("name").asText("");
    var role = role(author.text("role"));
    draft.role(role);
    metadata();
    content(role, tool);
    author.dropEmpty("name");
    author.dropEmpty("metadata");
    if (!author.left().isEmpty()) {
      fields.left().set("author", author.left());
    }
    return draft.turn(parent, ChatGptSource.NAME, fields.left());
  }

  private Role role(String role) {
    return switch (role) {
      case "user" -> Role.user;
      case "assistant" -> Role.assistant;
      case "system" -> Role.system;
      case "tool" -> Role.tool;
      default -> {
        notes.add("message " + node.id() + " is by \"" + role + "\": taken for the assistant");
        draft.mark("role", role);
        yield Role.assistant;
      }
    };
  }

  private void metadata() {
    var metadata = Fields.of(fields.take("metadata"));
    draft.model(metadata.text("model_slug"));
    draft.finishReason(metadata.peek("finish_details").path("type").asText(""));
    if (metadata.peek("is_visually_hidden_from_conversation").asBoolean()
        || fields.peek("weight").isNumber() && fields.peek("weight").doubleValue() == 0) {
      draft.mark("hidden", "true");
    }
    if (!metadata.left().isEmpty()) {
      fields.left().set("metadata", metadata.left());
    }
    fields.dropEmpty("update_time");
    fields.dropEmpty("channel");
  }

  private void content(Role role, String tool) {
    var content = Fields.of(fields.take("content"));
    var recipient = fields.peek("recipient").asText(EVERYBODY);
    var type = content.peek("content_type").asText("");
    var whole = content.left().deepCopy();
    if (role == Role.tool) {
      result(tool, whole);
      return;
    }
    if (role == Role.assistant && !recipient.equals(EVERYBODY)) {
      call(recipient, text(whole));
      content.take("text");
      if (textual(whole.path("parts"))) {
        content.take("parts");
      }
      keep(content);
      return;
    }
    switch (type) {
      case "text" -> {
        if (textual(whole.path("parts"))) {
          content.take("parts").forEach(part -> draft.text(part.textValue()));
          content.take("content_type");
        }
      }
      case "multimodal_text" -> content.take("parts").forEach(this::piece);
      case "code" -> {
        draft.text(fenced(whole.path("language").asText(""), content.text("text")));
      }
      case "thoughts" ->
          content
              .peek("thoughts")
              .forEach(
                  thought ->
                      draft.reasoning(
                          joined(thought.path("summary"), thought.path("content")), ""));
      case "reasoning_recap" -> draft.reasoning(content.text("content"), "");
      default ->
          notes.add(
              "message " + node.id() + " has content of the type \"" + type + "\": kept as it is");
    }
    keep(content);
  }

  private void keep(Fields content) {
    if (!content.left().isEmpty()) {
      fields.left().set("content", content.left());
    }
  }

  /// A piece of text with images in it: what the image is stays, its bytes are no part of the file.
  private void piece(JsonNode piece) {
    if (piece.isTextual()) {
      draft.text(piece.textValue());
      return;
    }
    if (piece.path("asset_pointer").isTextual()) {
      notes.add("message " + node.id() + " shows " + piece.path("asset_pointer").textValue());
    }
    draft.part(
        Part.newBuilder()
            .setData(Kept.struct(JsonElements.JSON.createObjectNode().set("chatgpt", piece)))
            .build());
  }

  private void call(String tool, String input) {
    var id = node.id();
    calls.put(id, id);
    var call =
        ToolCallPart.newBuilder()
            .setId(Texts.beginning(Texts.clean(id), NAME))
            .setName(Texts.beginning(Texts.clean(tool), NAME));
    var json = object(input);
    if (json == null) {
      call.setInputText(Texts.clean(input));
    } else {
      call.setInput(Kept.struct(json));
    }
    draft.part(Part.newBuilder().setToolCall(call).build());
  }

  /// Whole, whatever it is: it says more than text.
  private void result(String tool, JsonNode content) {
    if (!tool.isEmpty()) {
      draft.mark("tool", tool);
    }
    var parent = node.parent();
    var call = parent == null ? node.id() : calls.getOrDefault(parent, parent);
    calls.put(node.id(), call);
    var output = text(content);
    var simple =
        content.path("content_type").asText().equals("text") && textual(content.path("parts"));
    var value =
        simple
            ? Value.newBuilder().setStringValue(Texts.clean(output)).build()
            : Kept.value(content);
    draft.part(
        Part.newBuilder()
            .setToolResult(
                ToolResultPart.newBuilder()
                    .setToolCallId(Texts.beginning(Texts.clean(call), NAME))
                    .setOutput(value)
                    .setIsError(content.path("content_type").asText().equals("system_error")))
            .build());
    if (simple) {
      fields.left().remove("content");
    }
  }

  private static String text(JsonNode content) {
    return content.path("text").isTextual()
        ? content.path("text").textValue()
        : joined(content.path("parts").valueStream().toArray(JsonNode[]::new));
  }

  private static String joined(JsonNode... texts) {
    var joined = new StringBuilder();
    for (var text : texts) {
      if (text.isTextual() && !text.textValue().isEmpty()) {
        joined.append(joined.isEmpty() ? "" : "\n\n").append(text.textValue());
      }
    }
    return joined.toString();
  }

  private static String fenced(String language, String code) {
    return "```" + (language.equals("unknown") ? "" : language) + "\n" + code + "\n```";
  }

  private static boolean textual(JsonNode parts) {
    return parts.isArray() && parts.valueStream().allMatch(JsonNode::isTextual);
  }

  private static @Nullable JsonNode object(String text) {
    try {
      var json = JsonElements.JSON.readTree(text);
      return json.isObject() ? json : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
