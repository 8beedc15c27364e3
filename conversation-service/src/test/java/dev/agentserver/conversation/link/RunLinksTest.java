package dev.agentserver.conversation.link;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A message names a run that is there and answers in its conversation, or none.
class RunLinksTest extends ServiceTest {
  @Test
  void aMessageNamesARunOfItsConversation() {
    var conversation = conversation(alice);
    var run = service.runs().in(conversation.getId()).toString();
    assertThat(
            alice
                .messages()
                .createMessage(draft(conversation, "hi").setRunId(run).build())
                .getRunId())
        .isEqualTo(run);
  }

  @Test
  void aMessageNamesARunThatAnswersNowhere() {
    var run = service.runs().in(null).toString();
    var message =
        alice.messages().createMessage(draft(conversation(alice), "hi").setRunId(run).build());
    assertThat(message.getRunId()).isEqualTo(run);
  }

  @Test
  void aRunThatIsNotThereIsRefusedByItsField() {
    var conversation = conversation(alice);
    var run = UUID.randomUUID().toString();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_RUN",
            () -> alice.messages().createMessage(draft(conversation, "hi").setRunId(run).build()))
        .containsEntry("field", "run_id")
        .containsEntry("id", run)
        .field("run_id");
    assertThat(service.column("select 1 from message where run_id = '%s'".formatted(run)))
        .isEmpty();
  }

  @Test
  void aRunOfAnotherConversationIsRefused() {
    var run = service.runs().in(conversation(alice).getId()).toString();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "UNKNOWN_RUN",
        () ->
            alice.messages().createMessage(draft(conversation(alice), "hi").setRunId(run).build()));
  }

  @Test
  void ofSeveralMessagesTheOneIsNamedAndNoneIsWritten() {
    var conversation = conversation(alice);
    var known = service.runs().in(conversation.getId());
    var request =
        BatchCreateMessagesRequest.newBuilder()
            .setConversationId(conversation.getId())
            .addMessages(named(known))
            .addMessages(named(known))
            .addMessages(named(UUID.randomUUID()))
            .build();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_RUN",
            () -> alice.messages().batchCreateMessages(request))
        .field("messages[2].run_id");
    assertThat(
            service.column(
                "select 1 from message where conversation_id = '%s'"
                    .formatted(conversation.getId())))
        .isEmpty();
    assertThat(service.runs().asked()).as("once for both").containsOnlyOnce(known);
  }

  @Test
  void aConversationBeginsWithNoRunThatIsNotThere() {
    var request = CreateConversationRequest.newBuilder().addMessages(named(UUID.randomUUID()));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_RUN",
            () -> alice.conversations().createConversation(request.build()))
        .field("messages[0].run_id");
  }

  @Test
  void aMessageThatIsStillToBeWrittenNamesARunThatIsThere() {
    var request =
        BeginMessageRequest.newBuilder()
            .setConversationId(conversation(alice).getId())
            .setRunId(UUID.randomUUID().toString())
            .build();
    assertProblem(Code.INVALID_ARGUMENT, "UNKNOWN_RUN", () -> alice.streams().beginMessage(request))
        .field("run_id");
  }

  @Test
  void aRunNamesItselfWithoutAnybodyBeingAsked() {
    var conversation = conversation(alice);
    var run = UUID.randomUUID();
    var worker = worker(run, conversation.getId());
    var message =
        worker
            .messages()
            .createMessage(draft(conversation, "done").setRunId(run.toString()).build());
    assertThat(message.getRunId()).isEqualTo(run.toString());
    assertThat(service.runs().asked()).doesNotContain(run);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "UNKNOWN_RUN",
        () ->
            worker
                .messages()
                .createMessage(
                    draft(conversation, "done").setRunId(UUID.randomUUID().toString()).build()));
  }

  private Person worker(UUID run, String conversation) {
    var caller = alice.caller();
    return service.person(
        caller.within(
            new RunScope(run, UUID.fromString(conversation), null, 1), caller.permissions()));
  }

  private static MessageDraft.Builder named(UUID run) {
    return MessageDraft.newBuilder()
        .setRole(Message.Role.assistant)
        .setContent("done")
        .setRunId(run.toString());
  }

  @Test
  void whoNamesNoRunAsksNobody() {
    var before = List.copyOf(service.runs().asked());
    say(alice, conversation(alice), "hi");
    assertThat(service.runs().asked()).isEqualTo(before);
  }
}
