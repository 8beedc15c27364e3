package dev.agentserver.conversation.conversation;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class ImportedConversationTest extends ServiceTest {
  private static final Timestamp LONG_AGO = time(1_000_000_000);

  @Test
  void whatWasBegunLongAgoIsListedWhereItsNewestMessageWasSaid() {
    var admin = service.person(TENANT, "ADMIN");
    var today = create(admin, CreateConversationRequest.newBuilder().setTitle("today"));
    var old = create(admin, CreateConversationRequest.newBuilder().setCreatedAt(LONG_AGO));
    assertThat(old.getCreatedAt()).isEqualTo(LONG_AGO);
    assertThat(old.getLastActivityAt()).isEqualTo(LONG_AGO);
    append(admin, old, draft("First").setCreatedAt(time(1_000_000_500)));
    append(admin, old, draft("Before").setCreatedAt(time(1_000_000_100)));
    assertThat(get(admin, old).getLastActivityAt()).isEqualTo(time(1_000_000_500));
    assertThat(
            admin
                .conversations()
                .listConversations(ListConversationsRequest.getDefaultInstance())
                .getConversationsList())
        .extracting(Conversation::getId)
        .containsExactly(today.getId(), old.getId());
    append(admin, old, draft("Now"));
    assertThat(get(admin, old).getLastActivityAt().getSeconds()).isGreaterThan(1_700_000_000);
  }

  @Test
  void theOwnerOfATenantBringsConversationsOfOthersWhoHaveReadThem() {
    var importer = service.person(TENANT, "TENANT_OWNER");
    var alicesId = alice.caller().principalId().toString();
    var brought =
        create(
            importer,
            CreateConversationRequest.newBuilder()
                .setOwnerId(alicesId)
                .setCreatedAt(LONG_AGO)
                .addMessages(draft("Mine").setAuthorId(alicesId).setCreatedAt(LONG_AGO)));
    assertThat(brought.getOwnerId()).isEqualTo(alicesId);
    assertThat(brought.hasMembership()).as("the importer is no member").isFalse();
    var hers = get(alice, brought);
    assertThat(hers.getMembership().getUnread()).isFalse();
    assertThat(
            alice
                .conversations()
                .listConversations(ListConversationsRequest.getDefaultInstance())
                .getConversationsList())
        .extracting(Conversation::getId)
        .contains(brought.getId());
    append(importer, brought, draft("Later").setAuthorId(alicesId).setCreatedAt(LONG_AGO));
    assertThat(get(alice, brought).getMessageCount()).isEqualTo(2);
  }

  @Test
  void nobodyElseSaysWhoseItIsAndWhenItWas() {
    var importer = service.person(TENANT, "ADMIN");
    var bobs = bob.caller().principalId().toString();
    refused(
        alice,
        CreateConversationRequest.newBuilder().setCreatedAt(LONG_AGO),
        "conversation:import");
    refused(alice, CreateConversationRequest.newBuilder().setOwnerId(bobs), "conversation:import");
    refused(
        alice,
        CreateConversationRequest.newBuilder().addMessages(draft("Bob's").setAuthorId(bobs)),
        "conversation:import");
    refused(
        importer,
        CreateConversationRequest.newBuilder().setOwnerId(bobs),
        "conversation:write_any");
    var own = alice.caller().principalId().toString();
    assertThat(create(alice, CreateConversationRequest.newBuilder().setOwnerId(own)).getOwnerId())
        .isEqualTo(own);
  }

  private static void refused(
      Person person, CreateConversationRequest.Builder request, String permission) {
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> create(person, request))
        .containsEntry("permission", permission);
  }

  private static Conversation create(Person person, CreateConversationRequest.Builder request) {
    return person.conversations().createConversation(request.build());
  }

  private static Conversation get(Person person, Conversation conversation) {
    return person
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private static void append(Person person, Conversation to, MessageDraft.Builder draft) {
    person
        .messages()
        .batchCreateMessages(
            BatchCreateMessagesRequest.newBuilder()
                .setConversationId(to.getId())
                .addMessages(draft)
                .build());
  }

  private static MessageDraft.Builder draft(String text) {
    return MessageDraft.newBuilder().setRole(Message.Role.user).setContent(text);
  }

  private static Timestamp time(long seconds) {
    return Timestamp.newBuilder().setSeconds(seconds).build();
  }
}
