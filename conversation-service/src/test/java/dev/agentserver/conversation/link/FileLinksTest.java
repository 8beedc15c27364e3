package dev.agentserver.conversation.link;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.Attachment;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CheckFileAccessRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.FileAccessServiceGrpc;
import dev.agentserver.conversation.v1.FilePart;
import dev.agentserver.conversation.v1.ForkConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A message names files that are there and that its writer may read, or none.
class FileLinksTest extends ServiceTest {
  @Test
  void whatIsSaidOfAFileIsWhatItsServiceKnowsAndNotWhatTheWriterSays() {
    var conversation = conversation(alice);
    var file = service.files().uploaded("plan.pdf", "application/pdf", 12);
    var lie = file.toBuilder().setName("x.html").setMediaType("text/html").setSizeBytes(1);
    var message =
        alice.messages().createMessage(draft(conversation, "see").addAttachments(lie).build());
    assertThat(message.getAttachmentsList()).containsExactly(file);
    assertThat(messageOf(message.getId())).isEqualTo(message);
    assertThat(facts(message.getId()))
        .containsExactly(
            "{\"file_ids\": \"%s\", \"conversation_id\": \"%s\"}"
                .formatted(file.getFileId(), conversation.getId()));
  }

  @Test
  void aFileThatIsNotThereIsRefusedByItsFieldAndNothingIsWritten() {
    var conversation = conversation(alice);
    var known = service.files().uploaded("a", "text/plain", 1);
    var unknown = Attachment.newBuilder().setFileId(UUID.randomUUID().toString()).build();
    var request =
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation.getId())
            .addMessages(naming(known))
            .addMessages(naming(known).addAttachments(unknown))
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_FILE",
            () -> alice.messages().batchCreateMessages(request))
        .containsEntry("id", unknown.getFileId())
        .field("messages[1].attachments[1].file_id");
    assertThat(
            service.column(
                "select 1 from message where conversation_id = '%s'"
                    .formatted(conversation.getId())))
        .isEmpty();
  }

  @Test
  void aFileWithoutItsBytesIsNotAttached() {
    var pending = service.files().in("PENDING", "a", "text/plain", 0);
    assertProblem(
            Code.FAILED_PRECONDITION,
            "FILE_NOT_READY",
            () ->
                alice
                    .messages()
                    .createMessage(draft(conversation(alice), "").addAttachments(pending).build()))
        .containsEntry("id", pending.getFileId())
        .containsEntry("state", "PENDING");
  }

  @Test
  void allFilesOfAllMessagesAreAskedForAtOnce() {
    var request = CreateConversationRequest.newBuilder();
    var file = service.files().uploaded("a", "text/plain", 1);
    for (var i = 0; i < 3; i++) {
      request.addMessages(
          naming(file).addAttachments(service.files().uploaded("b" + i, "text/plain", i)));
    }
    var before = service.files().asked();
    var created = alice.conversations().createConversation(request.build());
    assertThat(service.files().asked()).isEqualTo(before + 1);
    assertThat(created.getMessages(2).getAttachments(1).getName()).isEqualTo("b2");
    assertThat(facts(created.getMessages(2).getId())).hasSize(1);
  }

  @Test
  void whileFileServiceIsAwayOnlyMessagesThatNameFilesAreRefused() {
    var conversation = conversation(alice);
    var file = service.files().uploaded("a", "text/plain", 1);
    service.files().away(true);
    try {
      say(alice, conversation, "hi");
      assertProblem(
              Code.UNAVAILABLE,
              "UNAVAILABLE",
              () ->
                  alice
                      .messages()
                      .createMessage(draft(conversation, "").addAttachments(file).build()))
          .containsEntry("dependency", "file-service");
    } finally {
      service.files().away(false);
    }
  }

  @Test
  void whereThereIsNoFileServiceThatIsSaid() {
    try (var without = service.besideAskingForFiles(null)) {
      var ann = without.person(TENANT, "MEMBER");
      var conversation = conversation(ann);
      say(ann, conversation, "hi");
      var file = Attachment.newBuilder().setFileId(UUID.randomUUID().toString());
      assertProblem(
              Code.FAILED_PRECONDITION,
              "FILE_SERVICE_ABSENT",
              () ->
                  ann.messages()
                      .createMessage(draft(conversation, "").addAttachments(file).build()))
          .containsEntry("field", "attachments[0].file_id");
    }
  }

  @Test
  void aFileInsideTheContentOfAStreamedMessageIsCheckedAndLinkedToo() {
    var conversation = conversation(alice);
    var begun =
        alice
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    var append =
        AppendMessageRequest.newBuilder()
            .setMessageId(begun.getMessage().getId())
            .setWriterEpoch(begun.getWriterEpoch());
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_FILE",
            () ->
                alice
                    .streams()
                    .appendMessage(append.clone().addDeltas(part(UUID.randomUUID())).build()))
        .field("deltas[0].start.file.file_id");
    var file = service.files().uploaded("chart.png", "image/png", 5);
    alice
        .streams()
        .appendMessage(append.addDeltas(part(UUID.fromString(file.getFileId()))).build());
    var ended =
        alice
            .streams()
            .completeMessage(
                CompleteMessageRequest.newBuilder()
                    .setMessageId(begun.getMessage().getId())
                    .setWriterEpoch(begun.getWriterEpoch())
                    .build());
    assertThat(ended.getParts(0).getFile().getName()).isEqualTo("chart.png");
    assertThat(facts(ended.getId())).hasSize(1);
  }

  @Test
  void aForkNamesTheFilesOfWhatItCopiesSoThatTheyOutliveTheOriginal() {
    var conversation = conversation(alice);
    var beside = service.files().uploaded("plan.pdf", "application/pdf", 12);
    var inside = service.files().uploaded("chart.png", "image/png", 5);
    var gone = attach(conversation, service.files().uploaded("old.txt", "text/plain", 1));
    var both = draft(conversation, "").addAttachments(beside).addParts(file(inside.getFileId()));
    alice.messages().createMessage(both.build());
    apply("file.deleted", gone.getAttachments(0), Map.of());
    var fork =
        alice
            .branches()
            .forkConversation(
                ForkConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());
    assertThat(told(fork)).containsExactly(beside.getFileId() + "," + inside.getFileId());
  }

  /// The files of a conversation's messages, by message.
  private List<String> told(Conversation conversation) {
    return service.column(
        "select data ->> 'file_ids' from outbox_fact where type = 'message.attached'"
            + " and data ->> 'conversation_id' = '%s'".formatted(conversation.getId()));
  }

  private static Delta part(UUID file) {
    return Delta.newBuilder().setStart(file(file.toString())).build();
  }

  private static Part file(String fileId) {
    return Part.newBuilder().setFile(FilePart.newBuilder().setFileId(fileId)).build();
  }

  @Test
  void aFileThatIsDeletedIsSaidSoWhereverItWent() {
    var file = service.files().uploaded("a", "text/plain", 1);
    var one = attach(conversation(alice), file);
    var two = attach(conversation(alice), file);
    apply("file.detached", file, Map.of("message_id", one.getId()));
    assertThat(messageOf(one.getId()).getAttachments(0).hasDeletedAt()).isTrue();
    assertThat(messageOf(two.getId()).getAttachments(0)).isEqualTo(file);
    apply("file.deleted", file, Map.of());
    assertThat(messageOf(two.getId()).getAttachments(0).hasDeletedAt()).isTrue();
    assertThat(messageOf(two.getId()).getAttachments(0).getName()).isEqualTo("a");
  }

  @Test
  void whoeverMayReadTheConversationMayReadWhatGoesWithItsMessages() {
    var conversation = conversation(alice);
    var file = service.files().uploaded("a", "text/plain", 1);
    assertThat(mayRead(alice, file, List.of())).isFalse();
    attach(conversation, file);
    assertThat(mayRead(alice, file, List.of())).isTrue();
    assertThat(mayRead(bob, file, List.of())).isFalse();
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    assertThat(mayRead(bob, file, List.of())).isTrue();
    assertThat(mayRead(run(bob, conversation.getId()), file, List.of())).isTrue();
    assertThat(mayRead(run(bob, conversation(bob).getId()), file, List.of())).isFalse();
    service.sql(
        "delete from conversation_member where user_id = '%s'"
            .formatted(bob.caller().principalId()));
    assertThat(mayRead(bob, file, List.of())).isFalse();
    apply("file.deleted", file, Map.of());
    assertThat(mayRead(alice, file, List.of())).isFalse();
  }

  @Test
  void whoeverMayReadOneOfTheConversationsMayReadWhatTheyUse() {
    var own = conversation(alice).getId();
    var others = conversation(bob).getId();
    var file = service.files().uploaded("a", "text/plain", 1);
    assertThat(mayRead(alice, file, List.of(others))).isFalse();
    assertThat(mayRead(alice, file, List.of(others, own))).isTrue();
  }

  private Person run(Person person, String conversation) {
    var caller = person.caller();
    return service.person(
        caller.within(
            new RunScope(UUID.randomUUID(), UUID.fromString(conversation), null, 1),
            caller.permissions()));
  }

  private static boolean mayRead(Person person, Attachment file, List<String> conversations) {
    return FileAccessServiceGrpc.newBlockingStub(person.channel())
        .checkFileAccess(
            CheckFileAccessRequest.newBuilder()
                .setFileId(file.getFileId())
                .addAllConversationIds(conversations)
                .build())
        .getReadable();
  }

  private Message attach(Conversation conversation, Attachment file) {
    return alice.messages().createMessage(draft(conversation, "").addAttachments(file).build());
  }

  private static MessageDraft.Builder naming(Attachment file) {
    return MessageDraft.newBuilder().setRole(Message.Role.user).addAttachments(file);
  }

  private List<String> facts(String message) {
    return service.column(
        "select data::text from outbox_fact where type = 'message.attached' and subject_id = '%s'"
            .formatted(message));
  }

  private void apply(String type, Attachment file, Map<String, String> data) {
    var fact =
        new PulledFact(UUID.randomUUID(), 1, TENANT, type, file.getFileId(), data, Instant.now());
    service
        .kitDatabase()
        .write(
            db -> {
              new FileFacts().apply(db, fact);
              return true;
            });
  }
}
