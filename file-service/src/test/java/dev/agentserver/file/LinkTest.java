package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.link.ConversationFacts;
import dev.agentserver.file.v1.AttachFileRequest;
import dev.agentserver.file.v1.DetachFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.ListFileLinksRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkTest extends ServiceTest {
  @Test
  void membersOfTheConversationReadWhatIsAttachedToItAndOnlyThat() {
    var conversation = conversation();
    var file = alice.upload("a.txt", "for bob " + conversation);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(file.getId()));
    attach(file, conversation, "");
    assertThat(bob.get(file.getId())).isEqualTo(file);
    assertThat(bob.text(file)).isEqualTo("for bob " + conversation);
    detach(file, conversation, "");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(file.getId()));
    assertThat(alice.text(file)).isEqualTo("for bob " + conversation);
  }

  @Test
  void attachingAgainChangesNothingAndMessagesHaveLinksOfTheirOwn() {
    var conversation = conversation();
    var file = alice.upload("b.txt", "b");
    var link = attach(file, conversation, "");
    assertThat(attach(file, conversation, "")).isEqualTo(link);
    var message = UUID.randomUUID().toString();
    attach(file, conversation, message);
    var request = ListFileLinksRequest.newBuilder().setFileId(file.getId()).setPageSize(1);
    var seen = new ArrayList<String>();
    do {
      var page = alice.files().listFileLinks(request.build());
      page.getLinksList().forEach(each -> seen.add(each.getMessageId()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(seen).containsExactly("", message);
  }

  @Test
  void nobodyAttachesWhereTheyMayNotWrite() {
    var file = alice.upload("c.txt", "c");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> attach(file, UUID.randomUUID().toString(), ""))
        .containsEntry("resource", "conversation");
  }

  @Test
  void anAttachmentGoesWithItsLastConversationAndADocumentStays() {
    var one = conversation();
    var two = conversation();
    var both = alice.upload("both", "in both " + one);
    var document =
        alice.upload(
            UploadHeader.newBuilder().setPurpose(File.Purpose.document),
            ("doc " + one).getBytes(StandardCharsets.UTF_8));
    attach(both, one, "");
    attach(both, two, "");
    attach(document, one, "");
    tell("conversation.deleted", one);
    assertThat(bob.text(both)).isEqualTo("in both " + one);
    tell("conversation.purged", one);
    service.sweep();
    assertThat(bob.text(both)).isEqualTo("in both " + one);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(document.getId()));
    tell("conversation.purged", two);
    service.sweep();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.get(both.getId()));
    assertThat(alice.text(document)).isEqualTo("doc " + one);
    assertOneTruth();
  }

  @Test
  void anAttachmentThatIsAttachedAgainIsKept() {
    var one = conversation();
    var file = alice.upload("again", "again " + one);
    attach(file, one, "");
    tell("conversation.purged", one);
    attach(file, conversation(), "");
    service.sweep();
    assertThat(alice.text(file)).isEqualTo("again " + one);
  }

  /// Alice writes in it, bob reads.
  private String conversation() {
    var id = UUID.randomUUID();
    service.conversations().writer(id, alice.caller().principalId());
    service.conversations().reader(id, bob.caller().principalId());
    return id.toString();
  }

  private Object attach(File file, String conversation, String message) {
    return alice
        .files()
        .attachFile(
            AttachFileRequest.newBuilder()
                .setFileId(file.getId())
                .setConversationId(conversation)
                .setMessageId(message)
                .build());
  }

  private void detach(File file, String conversation, String message) {
    alice
        .files()
        .detachFile(
            DetachFileRequest.newBuilder()
                .setFileId(file.getId())
                .setConversationId(conversation)
                .setMessageId(message)
                .build());
  }

  private void tell(String type, String conversation) {
    var fact =
        new PulledFact(UUID.randomUUID(), 1, TENANT, type, conversation, Map.of(), Instant.now());
    service
        .kit()
        .database()
        .write(
            db -> {
              new ConversationFacts().apply(db, fact);
              return true;
            });
  }
}
