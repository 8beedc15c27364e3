package dev.agentserver.e2e.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationView;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.UpdateConversationRequest;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The same by generated Java stubs, through the gateway's port.
@ExtendWith(SharedServer.class)
class StubsTest {
  private User user;
  private Grpc grpc;
  private Conversation conversation;

  @BeforeEach
  void begin(Server server) {
    user = User.member(server);
    grpc = user.grpc();
    var request = CreateConversationRequest.newBuilder().setTitle("Rome").setModel("m-1").build();
    conversation = grpc.conversations().createConversation(request);
  }

  @Test
  void aConversationWithItsMessagesGoesInAndComesBack() {
    var hi = say(Message.Role.user, "hi");
    var hello = say(Message.Role.assistant, "hello");
    var request =
        GetConversationRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setView(ConversationView.CONVERSATION_VIEW_FULL)
            .build();
    assertThat(grpc.conversations().getConversation(request).getMessagesList())
        .containsExactly(hi, hello);
    assertThat(hello.getDepth()).isEqualTo(1);
  }

  @Test
  void whatGoesInByGrpcComesOutByRest() {
    var message = say(Message.Role.user, "hi");
    var json = user.http().get("/messages/" + message.getId()).expect(200).json();
    assertThat(json.path("content").asText()).isEqualTo("hi");
    assertThat(json.path("role").asText()).isEqualTo("user");
    assertThat(json.path("seq").asText()).isEqualTo(Long.toString(message.getSeq()));
  }

  @Test
  void messagesAreReadOneByOneAndAsAList() {
    var message = say(Message.Role.user, "hi");
    var one = GetMessageRequest.newBuilder().setMessageId(message.getId()).build();
    assertThat(grpc.messages().getMessage(one)).isEqualTo(message);
    var all = ListMessagesRequest.newBuilder().setConversationId(conversation.getId()).build();
    assertThat(grpc.messages().listMessages(all).getMessagesList()).containsExactly(message);
  }

  @Test
  void conversationsAreListed() {
    var list =
        grpc.conversations().listConversations(ListConversationsRequest.getDefaultInstance());
    assertThat(list.getConversationsList())
        .extracting(Conversation::getId)
        .containsExactly(conversation.getId());
  }

  @Test
  void anUpdateWithoutAMaskChangesTheFieldsThatAreSet() {
    var change = Conversation.newBuilder().setId(conversation.getId()).setTitle("Oslo");
    var changed = grpc.conversations().updateConversation(update(change).build());
    assertThat(changed.getTitle()).isEqualTo("Oslo");
    assertThat(changed.getModel()).isEqualTo("m-1");
  }

  @Test
  void anUpdateWithAMaskChangesWhatTheMaskNames() {
    var change = Conversation.newBuilder().setId(conversation.getId()).setTitle("Oslo");
    var mask = FieldMask.newBuilder().addPaths("model");
    var changed =
        grpc.conversations().updateConversation(update(change).setUpdateMask(mask).build());
    assertThat(changed.getTitle()).isEqualTo("Rome");
    assertThat(changed.getModel()).isEmpty();
  }

  @Test
  void anUpdateOnAStaleEtagIsAborted() {
    var first = Conversation.newBuilder().setId(conversation.getId()).setTitle("Oslo");
    grpc.conversations().updateConversation(update(first).build());
    var late = first.setTitle("Lima").setEtag(conversation.getEtag());
    var failure = Grpc.failure(() -> grpc.conversations().updateConversation(update(late).build()));
    assertThat(failure.code()).isEqualTo(10);
    assertThat(failure.reason()).isEqualTo("STALE_VERSION");
  }

  @Test
  void aDeletedConversationIsNotFound() {
    var id = conversation.getId();
    grpc.conversations()
        .deleteConversation(DeleteConversationRequest.newBuilder().setConversationId(id).build());
    var get = GetConversationRequest.newBuilder().setConversationId(id).build();
    var failure = Grpc.failure(() -> grpc.conversations().getConversation(get));
    assertThat(failure.code()).isEqualTo(5);
    assertThat(failure.reason()).isEqualTo("NOT_FOUND");
    assertThat(failure.metadata())
        .containsEntry("resource", "conversation")
        .containsEntry("id", id);
  }

  @Test
  void aBrokenRuleNamesTheField() {
    var get = GetMessageRequest.newBuilder().setMessageId("no uuid").build();
    var failure = Grpc.failure(() -> grpc.messages().getMessage(get));
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).containsExactly("message_id");
  }

  @Test
  void aCallWithoutACredentialIsUnauthenticated(Server server) {
    var get = GetConversationRequest.newBuilder().setConversationId(UUID.randomUUID().toString());
    var failure =
        Grpc.failure(
            () -> Grpc.anonymous(server.url()).conversations().getConversation(get.build()));
    assertThat(failure.reason()).isEqualTo("UNAUTHENTICATED");
  }

  private Message say(Message.Role role, String text) {
    return grpc.messages()
        .createMessage(
            CreateMessageRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setRole(role)
                .setContent(text)
                .build());
  }

  private static UpdateConversationRequest.Builder update(Conversation.Builder change) {
    return UpdateConversationRequest.newBuilder().setConversation(change);
  }
}
