package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.history.Texts;
import dev.agentserver.commandline.history.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// ChatGPT's `conversations.json`. A conversation is a `mapping` of nodes, each with its parent and
/// its children; nodes without a message, as the root is, are passed over. All branches are kept,
/// the hidden messages too, which are marked `import.hidden`.
public final class ChatGptSource implements HistorySource {
  static final String NAME = "chatgpt";

  private final Path file;

  public ChatGptSource(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void readAll(Taker taker) throws IOException {
    JsonElements.read(
        file,
        element -> {
          var oldId = oldId(element);
          if (oldId.isEmpty() || !element.path("mapping").isObject()) {
            taker.refused(oldId, "it has no conversation_id, or no mapping");
            return;
          }
          var metadata = new TreeMap<String, String>();
          var history = history(element, oldId, metadata);
          if (history == null) {
            taker.refused(oldId, "it has no message, and more beside it than metadata holds");
          } else {
            taker.take(history);
          }
        });
  }

  private static String oldId(JsonNode element) {
    var id = element.path("conversation_id").asText("");
    return id.isEmpty() ? element.path("id").asText("") : id;
  }

  private static @Nullable History history(
      JsonNode element, String oldId, Map<String, String> metadata) {
    var fields = Fields.of(element);
    var mapping = fields.take("mapping");
    dropIds(fields);
    metadata.put(Kept.SOURCE, NAME);
    var nodes = ChatGptTree.of(mapping);
    var createdAt = createdAt(fields.time("create_time"), nodes);
    var updatedAt = fields.time("update_time");
    if (updatedAt != null) {
      metadata.put(Kept.UPDATED_AT, updatedAt.toString());
    }
    if (createdAt == null) {
      metadata.put(Kept.UNTIMED, "true");
    }
    var title = Whole.title(fields.text("title"), metadata, fields.left());
    fields.dropEmpty("title");
    var model = fields.text("default_model_slug");
    var notes = new ArrayList<>(nodes.notes());
    var turns = turns(oldId, nodes, createdAt, notes);
    var current = nodes.nearest(fields.text("current_node"));
    if (!nodes.empty().isEmpty()) {
      fields.left().set("nodes", nodes.empty());
    }
    return Whole.keep(NAME, fields.left(), turns, metadata)
        ? new History(
            OldIds.kept(NAME, oldId),
            oldId,
            null,
            title,
            createdAt,
            Texts.beginning(Texts.clean(model), 255),
            metadata,
            turns,
            new Marks(
                current == null ? null : messageId(oldId, current),
                element.path("is_archived").asBoolean(),
                element.path("is_starred").asBoolean(),
                List.of(),
                List.of()),
            notes)
        : null;
  }

  private static void dropIds(Fields fields) {
    if (fields.peek("id").equals(fields.peek("conversation_id"))) {
      fields.take("id");
    }
    if (fields.text("conversation_id").isEmpty()) {
      fields.text("id");
    }
  }

  private static @Nullable Instant createdAt(@Nullable Instant told, ChatGptTree nodes) {
    return told != null
        ? told
        : nodes.inOrder().stream()
            .map(node -> Fields.of(node.message()).time("create_time"))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  /// The ids of messages are unique within a conversation only: branching into a new chat copies
  /// them.
  private static UUID messageId(String conversation, String node) {
    return OldIds.hashed(NAME, conversation, node);
  }

  private static List<Turn> turns(
      String conversation, ChatGptTree nodes, @Nullable Instant start, List<String> notes) {
    var turns = new ArrayList<Turn>();
    var times = new HashMap<String, @Nullable Instant>();
    var calls = new HashMap<String, String>();
    for (var node : nodes.inOrder()) {
      var parent = node.parent();
      var before = parent == null ? start : times.getOrDefault(parent, start);
      var message = new ChatGptMessage(messageId(conversation, node.id()), node, calls, notes);
      var turn = message.turn(parent == null ? null : messageId(conversation, parent), before);
      times.put(node.id(), message.time());
      turns.add(turn);
    }
    return turns;
  }
}
