package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.link.ConversationFacts;
import dev.agentserver.file.v1.AttachFileRequest;
import dev.agentserver.file.v1.BatchGetFilesRequest;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.DetachFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.ListFileLinksRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

  @Test
  void whatGoesWithAMessageIsReadBeforeItsLinkIsHeardOf() {
    var conversation = UUID.fromString(conversation());
    var file = alice.upload("d.txt", "d " + conversation);
    service.conversations().says(conversation, file.getId());
    assertThat(bob.text(file)).isEqualTo("d " + conversation);
    var carol = service.person(TENANT, "MEMBER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> carol.get(file.getId()));
  }

  @Test
  void theMessagesThatNameAFileAreHeardOfAndGoAgain() {
    var conversation = conversation();
    var file = alice.upload("e.txt", "e " + conversation);
    var one = UUID.randomUUID().toString();
    var two = UUID.randomUUID().toString();
    attached(one, conversation, file.getId());
    attached(one, conversation, file.getId());
    attached(two, conversation, file.getId());
    assertThat(bob.get(file.getId())).isEqualTo(file);
    tell("message.deleted", one);
    service.sweep();
    assertThat(bob.get(file.getId())).isEqualTo(file);
    tell("message.deleted", two);
    service.sweep();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.get(file.getId()));
    assertOneTruth();
  }

  @Test
  void aFileThatWentBeforeItsLinkWasHeardOfIsToldOfAgain() {
    var conversation = conversation();
    var file = alice.upload("f.txt", "f " + conversation);
    alice.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(file.getId()).build());
    attached(UUID.randomUUID().toString(), conversation, file.getId());
    attached(UUID.randomUUID().toString(), conversation, UUID.randomUUID().toString());
    assertThat(
            service.column(
                "select type from outbox_fact where subject_id = '%s'".formatted(file.getId())))
        .containsExactly("file.deleted", "file.deleted");
    assertThat(
            service.column(
                "select 1 from file_link where conversation_id = '%s'".formatted(conversation)))
        .isEmpty();
  }

  @Test
  void aFileThatIsTakenFromAMessageIsToldOf() {
    var conversation = conversation();
    var file = alice.upload("g.txt", "g " + conversation);
    var message = UUID.randomUUID().toString();
    attached(message, conversation, file.getId());
    detach(file, conversation, message);
    detach(file, conversation, message);
    assertThat(
            service.column(
                "select data ->> 'message_id' from outbox_fact where subject_id = '%s'"
                    .formatted(file.getId())))
        .containsExactly(message);
  }

  @Test
  void somebodyWhoMayReadIsAskedAboutOnceInAWhileAndLosesItThen() {
    var conversation = conversation();
    var file = alice.upload("h.txt", "h " + conversation);
    attach(file, conversation, "");
    var before = service.conversations().asked();
    for (var i = 0; i < 5; i++) {
      bob.get(file.getId());
    }
    assertThat(service.conversations().asked()).isEqualTo(before + 1);
    service.conversations().leave(UUID.fromString(conversation), bob.caller().principalId());
    service.later(Duration.ofSeconds(6));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(file.getId()));
    service.conversations().reader(UUID.fromString(conversation), bob.caller().principalId());
    assertThat(bob.get(file.getId())).isEqualTo(file);
  }

  @Test
  void severalFilesComeInTheOrderOfTheirIdsOrNotAtAll() {
    var conversation = conversation();
    var one = alice.upload("i.txt", "i " + conversation);
    var two = bob.upload("j.txt", "j " + conversation);
    attach(one, conversation, "");
    var request =
        BatchGetFilesRequest.newBuilder()
            .addFileIds(two.getId())
            .addFileIds(one.getId())
            .addFileIds(two.getId());
    assertThat(bob.files().batchGetFiles(request.build()).getFilesList())
        .containsExactly(two, one, two);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.files().batchGetFiles(request.build()))
        .containsEntry("id", two.getId());
  }

  private void attached(String message, String conversation, String file) {
    tell("message.attached", message, Map.of("conversation_id", conversation, "file_ids", file));
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

  private void tell(String type, String subject) {
    tell(type, subject, Map.of());
  }

  private void tell(String type, String subject, Map<String, String> data) {
    var fact = new PulledFact(UUID.randomUUID(), 1, TENANT, type, subject, data, Instant.now());
    service.apply(new ConversationFacts(service.domain().learned()), fact);
  }
}
