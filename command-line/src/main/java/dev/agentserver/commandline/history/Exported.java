package dev.agentserver.commandline.history;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.commandline.history.Marks.Judgement;
import dev.agentserver.commandline.history.Marks.Label;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the server exports as NDJSON, read line by line: of every conversation first itself, then
/// its messages.
public final class Exported {
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  private final List<ExportRecord> records = new ArrayList<>();

  /// One conversation's lines.
  public static Exported of(String lines) throws InvalidProtocolBufferException {
    var exported = new Exported();
    for (var line : lines.split("\n")) {
      if (!line.isBlank()) {
        exported.add(record(line));
      }
    }
    return exported;
  }

  /// One line as what it says.
  public static ExportRecord record(String line) throws InvalidProtocolBufferException {
    var record = ExportRecord.newBuilder();
    JSON.merge(line, record);
    return record.build();
  }

  /// Adds a line of the conversation.
  public void add(ExportRecord record) {
    records.add(record);
  }

  public boolean isEmpty() {
    return records.isEmpty();
  }

  /// The conversation, with what a draft can say of its messages.
  public History history() {
    var conversation = conversation();
    var turns =
        records.stream()
            .filter(ExportRecord::hasMessage)
            .map(record -> new Turn(parent(record), draft(record.getMessage())))
            .toList();
    var oldId =
        conversation.getExternalId().isEmpty()
            ? conversation.getId()
            : conversation.getExternalId();
    return new History(
        UUID.fromString(conversation.getId()),
        oldId,
        null,
        conversation.getTitle(),
        Instant.ofEpochSecond(
            conversation.getCreatedAt().getSeconds(), conversation.getCreatedAt().getNanos()),
        conversation.getModel(),
        new TreeMap<>(conversation.getMetadataMap()),
        turns,
        marks(),
        List.of());
  }

  /// The conversation itself.
  public Conversation conversation() {
    return records.stream()
        .filter(ExportRecord::hasConversation)
        .map(ExportRecord::getConversation)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a file without its conversation"));
  }

  /// Its messages, as they are.
  public List<Message> messages() {
    return records.stream().filter(ExportRecord::hasMessage).map(ExportRecord::getMessage).toList();
  }

  private Marks marks() {
    var conversation =
        records.stream().filter(ExportRecord::hasConversation).findFirst().orElseThrow();
    var membership = conversation.getConversation().getMembership();
    return new Marks(
        end(membership.getActiveBranchNo()),
        membership.getArchived(),
        membership.getPinned(),
        conversation.getTagsList().stream()
            .map(tag -> new Label(tag.getName(), tag.getOrganization()))
            .toList(),
        records.stream()
            .filter(ExportRecord::hasFeedback)
            .map(ExportRecord::getFeedback)
            .map(
                said ->
                    new Judgement(
                        UUID.fromString(said.getMessageId()), said.getRating(), said.getComment()))
            .toList());
  }

  /// The newest message of a branch.
  private @Nullable UUID end(int branchNo) {
    return messages().stream()
        .filter(message -> message.getBranchNo() == branchNo)
        .max(Comparator.comparingInt(Message::getDepth))
        .map(message -> UUID.fromString(message.getId()))
        .orElse(null);
  }

  private static @Nullable UUID parent(ExportRecord record) {
    var parent = record.getParentMessageId();
    return parent.isEmpty() ? null : UUID.fromString(parent);
  }

  private static MessageDraft draft(Message message) {
    var draft =
        MessageDraft.newBuilder()
            .setId(message.getId())
            .setRole(message.getRole())
            .addAllParts(message.getPartsList())
            .addAllAttachments(message.getAttachmentsList())
            .setRunId(message.getRunId())
            .setAgentId(message.getAgentId())
            .setModel(message.getModel())
            .setFinishReason(message.getFinishReason())
            .setClientMessageId(message.getClientMessageId())
            .setExternalId(message.getExternalId())
            .putAllMetadata(message.getMetadataMap())
            .setCreatedAt(message.getCreatedAt());
    if (message.hasInputTokens()) {
      draft.setInputTokens(message.getInputTokens());
    }
    if (message.hasOutputTokens()) {
      draft.setOutputTokens(message.getOutputTokens());
    }
    if (message.hasRoutingDecision()) {
      draft.setRoutingDecision(message.getRoutingDecision());
    }
    return draft.build();
  }
}
