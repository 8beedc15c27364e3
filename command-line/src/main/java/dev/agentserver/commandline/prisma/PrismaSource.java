package dev.agentserver.commandline.prisma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.commandline.source.HistorySource;
import dev.agentserver.conversation.v1.Message.Role;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ToolCallPart;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The conversations of a legacy database. Each reading sees all of it as it is at that moment.
///
/// Every column comes back by [PrismaTarget]: what has no field of the contract (attachments, tool
/// calls, the id of an old run, columns nobody knows) is kept with the message as it was.
public final class PrismaSource implements HistorySource {
  static final String NAME = "prisma";

  private static final int TITLE = 255;

  private final LegacyAccess access;

  public PrismaSource(LegacyAccess access) {
    this.access = access;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void readAll(Taker taker) throws IOException {
    try (var database = new LegacyDatabase(access)) {
      database.conversations(
          (conversations, said) -> {
            for (var conversation : conversations) {
              var id = conversation.get("id").toString();
              taker.take(history(id, conversation, said.getOrDefault(id, List.of())));
            }
          });
    }
  }

  /// The rows of ChatSettings, with the plain names of their columns.
  public List<JsonNode> settings() throws IOException {
    return rows("ChatSettings");
  }

  /// The rows of FileUpload.
  public List<JsonNode> files() throws IOException {
    return rows("FileUpload");
  }

  private List<JsonNode> rows(String model) throws IOException {
    try (var database = new LegacyDatabase(access)) {
      return database.all(model).stream()
          .map(
              row -> {
                var json = JsonNodeFactory.instance.objectNode();
                row.forEach((column, value) -> json.set(column, Values.json(value)));
                return (JsonNode) json;
              })
          .toList();
    }
  }

  private static History history(
      String oldId, Map<String, Object> row, List<Map<String, Object>> messages) {
    var metadata = new TreeMap<String, String>();
    metadata.put(Kept.SOURCE, NAME);
    var left = JsonNodeFactory.instance.objectNode();
    var title = row.get("title") instanceof String text ? text : "";
    if (title.isBlank()) {
      metadata.put(Kept.UNTITLED, row.containsKey("title") ? "blank" : "true");
    }
    if (title.isBlank() && !title.isEmpty() || title.codePointCount(0, title.length()) > TITLE) {
      left.put("title", title);
    }
    var owner = row.get("userid") instanceof Object user ? user.toString() : null;
    if (owner != null) {
      metadata.put(Kept.USER, owner);
    }
    if (row.get("updatedat") instanceof Instant time) {
      metadata.put(Kept.UPDATED_AT, time.toString());
    }
    row.forEach(
        (column, value) -> {
          if (!List.of("id", "title", "userid", "createdat", "updatedat").contains(column)) {
            left.set(column, Values.json(value));
          }
        });
    if (!left.isEmpty()) {
      metadata.put(Kept.PREFIX + "kept", left.toString());
    }
    var notes = new ArrayList<String>();
    var turns = turns(messages, notes);
    return new History(
        OldIds.kept(NAME, oldId),
        oldId,
        owner,
        title.isBlank() ? "" : Texts.beginning(Texts.clean(title), TITLE),
        row.get("createdat") instanceof Instant time ? time : Instant.EPOCH,
        "",
        metadata,
        turns,
        Marks.NONE,
        notes);
  }

  private static List<Turn> turns(List<Map<String, Object>> messages, List<String> notes) {
    var turns = new ArrayList<Turn>();
    UUID parent = null;
    for (var message : messages) {
      var turn = turn(parent, message, notes);
      turns.add(turn);
      parent = turn.id();
    }
    return turns;
  }

  private static Turn turn(@Nullable UUID parent, Map<String, Object> row, List<String> notes) {
    var oldId = row.get("id").toString();
    var id = OldIds.kept(NAME, oldId);
    var left = JsonNodeFactory.instance.objectNode();
    row.forEach((column, value) -> left.set(column, Values.json(value)));
    left.remove(List.of("id", "conversationid", "createdat"));
    var draft = MessageDraft.newBuilder().setId(id.toString());
    if (!oldId.equals(id.toString())) {
      draft.setExternalId(oldId);
    }
    if (row.get("createdat") instanceof Instant time) {
      draft.setCreatedAt(
          Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()));
    }
    draft.setRole(role(oldId, left, notes));
    content(draft, left);
    if (left.path("routingdecision").isObject()) {
      draft.setRoutingDecision(Kept.struct(left.remove("routingdecision")));
    }
    if (left.path("toolcalls").isArray()) {
      left.path("toolcalls").forEach(call -> toolCall(draft, oldId, call, notes));
    }
    if (!left.isEmpty()) {
      draft.addParts(Kept.part(NAME, left));
    }
    return new Turn(parent, draft.build());
  }

  private static Role role(String oldId, ObjectNode left, List<String> notes) {
    return switch (left.path("role").asText("")) {
      case "user" -> taken(left, Role.user);
      case "assistant" -> taken(left, Role.assistant);
      case "system" -> taken(left, Role.system);
      case "tool" -> taken(left, Role.tool);
      default -> {
        notes.add("message " + oldId + " is by " + left.path("role") + ": taken for the assistant");
        yield Role.assistant;
      }
    };
  }

  private static Role taken(ObjectNode left, Role role) {
    left.remove("role");
    return role;
  }

  private static void content(MessageDraft.Builder draft, ObjectNode left) {
    var content = left.path("content");
    if (content.isTextual()) {
      left.remove("content");
      draft.addParts(Part.newBuilder().setText(Texts.clean(content.textValue())));
    }
  }

  /// Calls in the forms of the model providers: `{id, name, input}`, `{id, function: {name,
  /// arguments}}`. The list is kept as it was, whatever is understood of it.
  private static void toolCall(
      MessageDraft.Builder draft, String oldId, JsonNode call, List<String> notes) {
    var function = call.path("function").isObject() ? call.path("function") : call;
    var name = Texts.clean(function.path("name").asText(""));
    if (name.isEmpty()) {
      notes.add("message " + oldId + " calls a tool without a name: kept as it is");
      return;
    }
    var id = Texts.clean(call.path("id").asText(""));
    var proto =
        ToolCallPart.newBuilder()
            .setId(id.isEmpty() ? oldId : Texts.beginning(id, 255))
            .setName(Texts.beginning(name, 255));
    for (var field : List.of("input", "arguments", "args")) {
      var input = function.path(field);
      if (input.isObject()) {
        proto.setInput(Kept.struct(input));
      } else if (input.isTextual()) {
        proto.setInputText(Texts.clean(input.textValue()));
      }
    }
    draft.addParts(Part.newBuilder().setToolCall(proto));
  }
}
