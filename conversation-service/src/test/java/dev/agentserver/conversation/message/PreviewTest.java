package dev.agentserver.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.conversation.v1.ToolCallPart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What lists show of a conversation is kept by the service, whatever is said and however.
class PreviewTest extends ServiceTest {
  private Conversation conversation;

  @BeforeEach
  void aConversationWithoutATitle() {
    conversation =
        alice.conversations().createConversation(CreateConversationRequest.getDefaultInstance());
  }

  private Conversation shown() {
    return alice
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private void stream(Message.Role role, String text) {
    var begun =
        alice
            .streams()
            .beginMessage(
                BeginMessageRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setRole(role)
                    .build());
    var id = begun.getMessage().getId();
    alice
        .streams()
        .appendMessage(
            AppendMessageRequest.newBuilder()
                .setMessageId(id)
                .setWriterEpoch(begun.getWriterEpoch())
                .addDeltas(Delta.newBuilder().setText(text))
                .build());
    alice
        .streams()
        .completeMessage(
            CompleteMessageRequest.newBuilder()
                .setMessageId(id)
                .setWriterEpoch(begun.getWriterEpoch())
                .build());
  }

  @Test
  void whatIsStreamedIsShownWhenItEnds() {
    stream(Message.Role.user, "## How do I\ncook rice?");
    assertThat(shown().getTitle()).isEqualTo("How do I cook rice?");
    stream(Message.Role.assistant, "First **wash** it.");
    assertThat(shown().getTitle()).isEqualTo("How do I cook rice?");
    assertThat(shown().getPreview()).isEqualTo("First wash it.");
  }

  @Test
  void whatIsDeletedIsShownNoMore() {
    say(alice, conversation, "first");
    var secret = say(alice, conversation, "# A\nsecret **thing**");
    delete(secret);
    assertThat(shown().getPreview()).isEqualTo("first");
    conversation =
        alice.conversations().createConversation(CreateConversationRequest.getDefaultInstance());
    secret = say(alice, conversation, "# A secret");
    say(alice, conversation, "another");
    delete(secret);
    assertThat(shown().getTitle()).isEqualTo("another");
    assertThat(shown().getPreview()).isEqualTo("another");
  }

  private void delete(Message message) {
    alice
        .messages()
        .deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(message.getId()).build());
  }

  @Test
  void anAnswerGivesNoTitle() {
    stream(Message.Role.assistant, "Welcome.");
    assertThat(shown().getTitle()).isEmpty();
    say(alice, conversation, "Rice?\0");
    assertThat(shown().getTitle()).isEqualTo("Rice?\uFFFD");
  }

  @Test
  void theLastWordsOfABatchAreShownAndACallOfAToolIsNone() {
    var call = ToolCallPart.newBuilder().setId("c1").setName("look");
    alice
        .messages()
        .batchCreateMessages(
            BatchCreateMessagesRequest.newBuilder()
                .setConversationId(conversation.getId())
                .addMessages(MessageDraft.newBuilder().setRole(Message.Role.system).setContent("s"))
                .addMessages(MessageDraft.newBuilder().setRole(Message.Role.user).setContent("u"))
                .addMessages(
                    MessageDraft.newBuilder()
                        .setRole(Message.Role.assistant)
                        .addParts(Part.newBuilder().setToolCall(call)))
                .build());
    assertThat(shown().getTitle()).isEqualTo("u");
    assertThat(shown().getPreview()).isEqualTo("u");
  }
}
