package dev.agentserver.conversation.message;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.watch.NaiveReader;
import dev.agentserver.conversation.watch.Polling;
import io.grpc.Status.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeletionTest extends ServiceTest {
  private Conversation conversation;

  @BeforeEach
  void aConversation() {
    conversation = conversation(alice);
  }

  private void delete(String id) {
    alice.messages().deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(id).build());
  }

  @Test
  void aDeletedMessageKeepsItsPlaceAndNothingOfItsContent() {
    var before = say(alice, conversation, "before");
    var secret =
        alice
            .messages()
            .createMessage(draft(conversation, "a secret").putMetadata("k", "secret").build());
    delete(secret.getId());
    delete(secret.getId());
    var after = say(alice, conversation, "after");

    var listed =
        alice
            .messages()
            .listMessages(
                ListMessagesRequest.newBuilder().setConversationId(conversation.getId()).build())
            .getMessagesList();
    assertThat(listed)
        .extracting(Message::getId)
        .containsExactly(before.getId(), secret.getId(), after.getId());
    var place = listed.get(1);
    assertThat(place.getState()).isEqualTo(Message.State.STATE_REDACTED);
    assertThat(place.getStateReason()).isEqualTo("DELETED");
    assertThat(place.getContent()).isEmpty();
    assertThat(place.getPartsList()).isEmpty();
    assertThat(place.getMetadataMap()).isEmpty();
    assertThat(place.getAuthorId()).isEqualTo(secret.getAuthorId());
    assertThat(
            service.column(
                "select message_id from conversation.message_search where message_id = '%s'"
                    .formatted(secret.getId())))
        .isEmpty();
    var events = Polling.all(alice, conversation.getId(), secret.getSeq(), 10);
    assertThat(events)
        .extracting(ConversationEvent::getEventCase)
        .as("told once")
        .containsExactly(
            ConversationEvent.EventCase.MESSAGE_DELETED,
            ConversationEvent.EventCase.MESSAGE_CREATED);
    assertThat(
            service.column(
                "select count(*) from conversation.audit_entry where resource_id = '%s'"
                    .formatted(secret.getId())))
        .containsExactly("1");
  }

  @Test
  void whatIsShownOfTheConversationIsWhatIsLeft() {
    say(alice, conversation, "before");
    delete(say(alice, conversation, "a secret").getId());
    var shown =
        alice
            .conversations()
            .getConversation(
                GetConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());
    assertThat(shown.getPreview()).isEqualTo("before");
    assertThat(shown.getMessageCount()).isEqualTo(1);
  }

  @Test
  void ofAMessageThatIsBeingWrittenThePiecesGoAndItsWriterIsRefused() {
    var begun =
        alice
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    var id = begun.getMessage().getId();
    var append =
        AppendMessageRequest.newBuilder()
            .setMessageId(id)
            .setWriterEpoch(begun.getWriterEpoch())
            .addDeltas(Delta.newBuilder().setText("a secret"))
            .build();
    alice.streams().appendMessage(append);
    delete(id);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "MESSAGE_NOT_STREAMING",
        () -> alice.streams().appendMessage(append));
    assertThat(
            service.column(
                "select seq from conversation.conversation_event where content like '%secret%'"))
        .isEmpty();
    var late = new NaiveReader(1).apply(Polling.all(alice, conversation.getId(), 1, 10));
    late.hasRead(messageOf(id));
  }
}
