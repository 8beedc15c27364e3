package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.history.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Claude's `conversations.json`: `chat_messages` in order, each of newer exports with its
/// `parent_message_uuid`. One without it answers the message before.
public final class ClaudeSource implements HistorySource {
  static final String NAME = "claude";

  /// What the first message of a conversation names as its parent.
  private static final String ROOT = "00000000-0000-4000-8000-000000000000";

  private final Path file;

  public ClaudeSource(Path file) {
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
          var oldId = element.path("uuid").asText("");
          if (oldId.isEmpty() || !element.path("chat_messages").isArray()) {
            taker.refused(oldId, "it has no uuid, or no chat_messages");
            return;
          }
          var history = history(element, oldId);
          if (history == null) {
            taker.refused(oldId, "it has no message, and more beside it than metadata holds");
          } else {
            taker.take(history);
          }
        });
  }

  private static @Nullable History history(JsonNode element, String oldId) {
    var fields = Fields.of(element);
    fields.take("uuid");
    var metadata = new TreeMap<String, String>();
    metadata.put(Kept.SOURCE, NAME);
    var messages = fields.take("chat_messages");
    var told = fields.time("created_at");
    var createdAt = told == null ? Fields.of(messages.path(0)).time("created_at") : told;
    if (createdAt == null) {
      metadata.put(Kept.UNTIMED, "true");
    }
    var updatedAt = fields.time("updated_at");
    if (updatedAt != null) {
      metadata.put(Kept.UPDATED_AT, updatedAt.toString());
    }
    var title = Whole.title(fields.text("name"), metadata, fields.left());
    fields.dropEmpty("name");
    fields.dropEmpty("summary");
    var notes = new ArrayList<String>();
    var turns = turns(oldId, messages, createdAt, notes);
    return Whole.keep(NAME, fields.left(), turns, metadata)
        ? new History(
            OldIds.kept(NAME, oldId),
            oldId,
            null,
            title,
            createdAt,
            "",
            metadata,
            turns,
            Marks.at(turns.isEmpty() ? null : turns.getLast().id()),
            notes)
        : null;
  }

  private static List<Turn> turns(
      String conversation, JsonNode messages, @Nullable Instant start, List<String> notes) {
    var turns = new ArrayList<Turn>();
    Set<String> known = new HashSet<>();
    var before = start;
    String last = null;
    for (var message : messages) {
      var uuid = message.path("uuid").asText("");
      var oldId = uuid.isEmpty() || known.contains(uuid) ? "#" + turns.size() : uuid;
      var parent = parent(message, known, last, notes);
      var read = new ClaudeMessage(messageId(conversation, oldId), oldId, message, notes);
      turns.add(read.turn(parent == null ? null : messageId(conversation, parent), before));
      before = read.time();
      known.add(oldId);
      last = oldId;
    }
    return turns;
  }

  private static @Nullable String parent(
      JsonNode message, Set<String> known, @Nullable String last, List<String> notes) {
    var parent = message.path("parent_message_uuid").asText("");
    if (parent.equals(ROOT)) {
      return null;
    }
    if (parent.isEmpty() || known.contains(parent)) {
      return parent.isEmpty() ? last : parent;
    }
    notes.add("message " + message.path("uuid").asText() + " answers one that is not there");
    return last;
  }

  private static UUID messageId(String conversation, String message) {
    return OldIds.hashed(NAME, conversation, message);
  }
}
