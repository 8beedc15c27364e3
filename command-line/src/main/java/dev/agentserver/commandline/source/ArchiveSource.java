package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.commandline.history.Exported;
import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Kept;
import dev.agentserver.commandline.history.Turn;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeMap;

/// What `agentctl export` writes, also of another server: ids, texts, branches and times stay what
/// they were. Runs, agents and files of the other server are not there; their ids are kept with the
/// message.
public final class ArchiveSource implements HistorySource {
  static final String NAME = "agentserver";

  private final Path file;

  public ArchiveSource(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void readAll(Taker taker) throws IOException {
    try (var lines = Files.newBufferedReader(file)) {
      var exported = new Exported();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        var record = Exported.record(line);
        if (record.hasConversation() && !exported.isEmpty()) {
          taker.take(history(exported));
          exported = new Exported();
        }
        exported.add(record);
      }
      if (!exported.isEmpty()) {
        taker.take(history(exported));
      }
    }
  }

  private static History history(Exported exported) throws IOException {
    var history = exported.history();
    var metadata = new TreeMap<>(history.metadata());
    metadata.putIfAbsent(Kept.SOURCE, NAME);
    var turns = new ArrayList<Turn>();
    var messages = exported.messages();
    for (var i = 0; i < messages.size(); i++) {
      var turn = history.turns().get(i);
      turns.add(new Turn(turn.parent(), portable(turn.draft(), messages.get(i))));
    }
    return new History(
        history.id(),
        history.oldId(),
        null,
        history.title(),
        history.createdAt(),
        history.model(),
        metadata,
        turns,
        history.marks(),
        history.notes());
  }

  /// Without what refers to rows of another server.
  private static MessageDraft portable(MessageDraft draft, Message message) throws IOException {
    var left = JsonElements.JSON.createObjectNode();
    put(left, "run_id", draft.getRunId());
    put(left, "agent_id", draft.getAgentId());
    if (message.getState() != Message.State.STATE_COMPLETE) {
      put(left, "state", message.getState().name());
      put(left, "state_reason", message.getStateReason());
    }
    var files = left.arrayNode();
    for (var attachment : draft.getAttachmentsList()) {
      files.add(JsonElements.JSON.readTree(JsonFormat.printer().print(attachment)));
    }
    var parts = new ArrayList<>(draft.getPartsList());
    for (var part : draft.getPartsList()) {
      if (part.hasFile()) {
        parts.remove(part);
        files.add(JsonElements.JSON.readTree(JsonFormat.printer().print(part.getFile())));
      }
    }
    if (!files.isEmpty()) {
      left.set("files", files);
    }
    if (!left.isEmpty()) {
      parts.add(Kept.part(NAME, left));
    }
    return draft.toBuilder()
        .clearRunId()
        .clearAgentId()
        .clearAttachments()
        .clearParts()
        .addAllParts(parts)
        .build();
  }

  private static void put(ObjectNode left, String name, String value) {
    if (!value.isEmpty()) {
      left.put(name, value);
    }
  }
}
