package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Message.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Conversation trees in the form of the Open Assistant exports: one JSON object a line, its
/// `prompt` the first message, `replies` nested inside, roles prompter and assistant. The first
/// reply of each is the path that is shown.
public final class TreeSource implements HistorySource {
  static final String NAME = "trees";

  private record Next(@Nullable UUID parent, JsonNode turn) {}

  private final Path file;

  public TreeSource(Path file) {
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
          var oldId = element.path("message_tree_id").asText("");
          if (oldId.isEmpty() || !element.path("prompt").isObject()) {
            taker.refused(oldId, "it has no message_tree_id, or no prompt");
          } else {
            taker.take(history(element, oldId));
          }
        });
  }

  private static History history(JsonNode element, String oldId) {
    var fields = Fields.of(element);
    fields.take("message_tree_id");
    var next = new ArrayDeque<Next>();
    next.add(new Next(null, fields.take("prompt")));
    var metadata = new TreeMap<String, String>();
    metadata.put(Kept.SOURCE, NAME);
    var title = Whole.title("", metadata, fields.left());
    var turns = new ArrayList<Turn>();
    var notes = new ArrayList<String>();
    while (!next.isEmpty()) {
      turns.add(turn(next.pop(), next, notes));
    }
    var first = turns.getFirst().draft();
    if (!first.hasCreatedAt()) {
      metadata.put(Kept.UNTIMED, "true");
    }
    var current = firstPath(turns);
    Whole.keep(NAME, fields.left(), turns, metadata);
    return new History(
        OldIds.kept(NAME, oldId),
        oldId,
        null,
        title,
        first.hasCreatedAt()
            ? Instant.ofEpochSecond(
                first.getCreatedAt().getSeconds(), first.getCreatedAt().getNanos())
            : null,
        "",
        metadata,
        turns,
        Marks.at(current),
        notes);
  }

  private static Turn turn(Next at, Deque<Next> next, List<String> notes) {
    var fields = Fields.of(at.turn());
    var oldId = fields.text("message_id");
    var id = oldId.isEmpty() ? OldIds.hashed(NAME, at.turn().toString()) : OldIds.kept(NAME, oldId);
    fields.text("parent_id");
    var told = fields.time("created_date");
    var draft =
        new Draft(id, oldId)
            .role(role(oldId, fields.text("role"), notes))
            .at(told)
            .model(fields.text("model_name"))
            .text(fields.text("text"));
    var replies = new ArrayList<Next>();
    fields.take("replies").forEach(reply -> replies.add(new Next(id, reply)));
    replies.reversed().forEach(next::push);
    return draft.turn(at.parent(), NAME, fields.left());
  }

  private static Role role(String oldId, String role, List<String> notes) {
    return switch (role) {
      case "prompter", "user" -> Role.user;
      case "system" -> Role.system;
      case "assistant" -> Role.assistant;
      default -> {
        notes.add("message " + oldId + " is by \"" + role + "\": taken for the assistant");
        yield Role.assistant;
      }
    };
  }

  /// The end of the path of first replies; turns are in the order of the tree.
  private static @Nullable UUID firstPath(List<Turn> turns) {
    UUID last = null;
    for (var turn : turns) {
      if (Objects.equals(turn.parent(), last)) {
        last = turn.id();
      }
    }
    return last;
  }
}
