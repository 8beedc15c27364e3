package dev.agentserver.conversation.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.export.Trees.Node;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationExport;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Conversations with all their branches go in, come out as a file, and go in from there again: the
/// texts, the parents, the order of what answers the same, and the times stay what they were.
class TreesTest extends ServiceTest {
  private static final int BATCH = 100;
  private static final long FIRST = 1_600_000_000_000L;

  private Person importer;
  private Person elsewhere;

  @BeforeEach
  void whoMayImport() {
    importer = service.person(UUID.randomUUID(), "ADMIN");
    elsewhere = service.person(UUID.randomUUID(), "ADMIN");
  }

  @Test
  void ourTreesComeOutAsTheyWentIn() {
    var random = new Random(7);
    for (var i = 0; i < 4; i++) {
      comesOutAsItWentIn(Trees.random(random, 8));
    }
  }

  /// `-Dconversations.data=<directory>` with the trees of the Open-Assistant repository.
  @Test
  @EnabledIfSystemProperty(named = "conversations.data", matches = ".+")
  void recordedTreesComeOutAsTheyWentIn() {
    var directory = Path.of(System.getProperty("conversations.data"));
    var trees = Trees.of(directory.resolve("oasst_en_100_trees.jsonl"));
    assertThat(trees).hasSize(100);
    assertThat(trees.stream().mapToInt(Node::size).sum()).isEqualTo(1_167);
    assertThat(trees.stream().mapToInt(Node::forks).sum()).isEqualTo(526);
    trees.forEach(this::comesOutAsItWentIn);
  }

  private void comesOutAsItWentIn(Node tree) {
    var drafts = new ArrayList<MessageDraft>();
    collect(tree, "", drafts);
    var file = exported(importer, drafts);
    assertThat(Trees.of(file)).containsExactly(tree);

    var again = exported(elsewhere, drafts(file));
    assertThat(messages(again)).isEqualTo(messages(file));
  }

  private static void collect(Node node, String parent, List<MessageDraft> drafts) {
    drafts.add(
        MessageDraft.newBuilder()
            .setId(node.id())
            .setRole(Message.Role.valueOf(node.role()))
            .setContent(node.text())
            .setParentMessageId(parent)
            .setCreatedAt(Timestamps.fromMillis(FIRST + drafts.size() * 1_000L))
            .build());
    node.replies().forEach(reply -> collect(reply, node.id(), drafts));
  }

  private static ConversationExport exported(Person person, List<MessageDraft> drafts) {
    Conversation conversation = conversation(person);
    for (var from = 0; from < drafts.size(); from += BATCH) {
      person
          .messages()
          .batchCreateMessages(
              BatchCreateMessagesRequest.newBuilder()
                  .setConversationId(conversation.getId())
                  .addAllMessages(drafts.subList(from, Math.min(from + BATCH, drafts.size())))
                  .build());
    }
    return new Download(person).json(conversation);
  }

  /// What somebody sends who has nothing but the file, in its order.
  private static List<MessageDraft> drafts(ConversationExport file) {
    return file.getRecordsList().stream()
        .filter(ExportRecord::hasMessage)
        .map(
            one ->
                MessageDraft.newBuilder()
                    .setId(one.getMessage().getId())
                    .setRole(one.getMessage().getRole())
                    .addAllParts(one.getMessage().getPartsList())
                    .setParentMessageId(one.getParentMessageId())
                    .setRoot(one.getParentMessageId().isEmpty())
                    .setCreatedAt(one.getMessage().getCreatedAt())
                    .build())
        .toList();
  }

  /// Without what another conversation gives its messages: places are the same, numbers are not.
  private static List<ExportRecord> messages(ConversationExport file) {
    return file.getRecordsList().stream()
        .filter(ExportRecord::hasMessage)
        .map(
            one ->
                one.toBuilder()
                    .setMessage(
                        one.getMessage().toBuilder()
                            .clearConversationId()
                            .clearSeq()
                            .clearAuthorId()
                            .clearUpdatedAt())
                    .build())
        .toList();
  }
}
