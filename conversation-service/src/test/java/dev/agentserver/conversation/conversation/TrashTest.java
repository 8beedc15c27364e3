package dev.agentserver.conversation.conversation;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.UndeleteConversationRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrashTest extends ServiceTest {
  static DeleteConversationRequest.Builder deletion(Conversation conversation) {
    return DeleteConversationRequest.newBuilder().setConversationId(conversation.getId());
  }

  static UndeleteConversationRequest.Builder undeletion(Conversation conversation) {
    return UndeleteConversationRequest.newBuilder().setConversationId(conversation.getId());
  }

  @Test
  void aDeletedConversationIsGoneEverywhereAtOnce() {
    var conversation = conversation(alice);
    var message = say(alice, conversation, "hello");
    alice.conversations().deleteConversation(deletion(conversation).build());
    assertGone(conversation, message.getId());
    assertThat(facts("conversation.deleted")).contains(conversation.getId());
    assertThat(audited()).contains(conversation.getId());
  }

  @Test
  void anUndeletedConversationIsBackWithItsMessages() {
    var conversation = conversation(alice);
    var message = say(alice, conversation, "hello");
    alice.conversations().deleteConversation(deletion(conversation).build());
    assertThat(listed(true)).contains(conversation.getId());
    var back = alice.conversations().undeleteConversation(undeletion(conversation).build());
    assertThat(back.hasDeletedAt()).isFalse();
    assertThat(back.hasPurgeAt()).isFalse();
    assertThat(
            alice
                .messages()
                .getMessage(GetMessageRequest.newBuilder().setMessageId(message.getId()).build()))
        .isEqualTo(message);
    assertThat(facts("conversation.undeleted")).contains(conversation.getId());
  }

  @Test
  void whatIsNotDeletedCannotBeUndeleted() {
    var conversation = conversation(alice);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "NOT_DELETED",
        () -> alice.conversations().undeleteConversation(undeletion(conversation).build()));
  }

  @Test
  void aPurgeLeavesNoRows() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    alice.conversations().deleteConversation(deletion(conversation).setPurge(true).build());
    assertNoRows(conversation);
    assertThat(facts("conversation.purged")).contains(conversation.getId());
  }

  @Test
  void aPurgeEmptiesTheTrashToo() {
    var conversation = conversation(alice);
    alice.conversations().deleteConversation(deletion(conversation).build());
    alice.conversations().deleteConversation(deletion(conversation).setPurge(true).build());
    assertNoRows(conversation);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> alice.conversations().undeleteConversation(undeletion(conversation).build()));
  }

  @Test
  void theSweeperPurgesWhatIsDueAndNothingElse() {
    var due = conversation(alice);
    say(alice, due, "hello");
    var kept = conversation(alice);
    alice.conversations().deleteConversation(deletion(due).build());
    alice.conversations().deleteConversation(deletion(kept).build());
    service.sql(
        "update conversation.conversation set purge_at = now() - interval '1 second' where conversation_id = '"
            + due.getId()
            + "'");
    assertThat(service.trash().purgeDue()).isEqualTo(1);
    assertNoRows(due);
    assertThat(listed(true)).contains(kept.getId()).doesNotContain(due.getId());
  }

  @Test
  void aTemporaryConversationIsKeptOutOfListsAndExpires() {
    var temporary =
        alice
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
    assertThat(listed(false)).doesNotContain(temporary.getId());
    assertThat(temporary.getPurgeAt().getSeconds() - temporary.getCreatedAt().getSeconds())
        .isEqualTo(86_400);
    alice.conversations().deleteConversation(deletion(temporary).build());
    var back = alice.conversations().undeleteConversation(undeletion(temporary).build());
    assertThat(back.hasPurgeAt()).isTrue();
  }

  @Test
  void aPurgeRemembersWhoseListsItLeftAndOfTemporaryOnesNothing() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var temporary =
        alice
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
    for (var one : List.of(conversation, temporary)) {
      alice.conversations().deleteConversation(deletion(one).setPurge(true).build());
    }
    assertThat(goneFor(conversation))
        .containsExactlyInAnyOrder(
            alice.caller().principalId().toString(), bob.caller().principalId().toString());
    assertThat(goneFor(temporary)).isEmpty();
  }

  @Test
  void whatIsPurgedFromTheTrashIsGoneSinceItWasDeleted() {
    var conversation = conversation(alice);
    alice.conversations().deleteConversation(deletion(conversation).build());
    var deleted = changedAt("conversation_member", conversation);
    alice.conversations().deleteConversation(deletion(conversation).setPurge(true).build());
    assertThat(changedAt("conversation_member_gone", conversation)).isEqualTo(deleted);
  }

  @Test
  void theSweeperRemembersWhatLeavesListsAndForgetsAfterAMonth() {
    var live = conversation(alice);
    service.sql(
        "update conversation.conversation set purge_at = now() where conversation_id = '"
            + live.getId()
            + "'");
    service.trash().purgeDue();
    assertThat(goneFor(live)).hasSize(1);
    service.sql(
        "update conversation.conversation_member_gone set changed_at = now() - interval '32 days'"
            + " where conversation_id = '"
            + live.getId()
            + "'");
    service.trash().purgeDue();
    assertThat(goneFor(live)).isEmpty();
  }

  @Test
  void aStaleEtagStopsADeletion() {
    var conversation = conversation(alice);
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () ->
            alice.conversations().deleteConversation(deletion(conversation).setEtag("7").build()));
    alice
        .conversations()
        .deleteConversation(deletion(conversation).setEtag(conversation.getEtag()).build());
  }

  private List<String> goneFor(Conversation conversation) {
    return service.column(
        "select user_id from conversation.conversation_member_gone where conversation_id = '"
            + conversation.getId()
            + "'");
  }

  private List<String> changedAt(String table, Conversation conversation) {
    return service.column(
        "select changed_at from conversation.%s where conversation_id = '%s'"
            .formatted(table, conversation.getId()));
  }

  private void assertGone(Conversation conversation, String messageId) {
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            alice
                .conversations()
                .getConversation(
                    GetConversationRequest.newBuilder()
                        .setConversationId(conversation.getId())
                        .build()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            alice
                .messages()
                .getMessage(GetMessageRequest.newBuilder().setMessageId(messageId).build()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            alice
                .messages()
                .listMessages(
                    ListMessagesRequest.newBuilder()
                        .setConversationId(conversation.getId())
                        .build()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> say(alice, conversation, "more"));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> alice.conversations().deleteConversation(deletion(conversation).build()));
    assertThat(listed(false)).doesNotContain(conversation.getId());
  }

  private void assertNoRows(Conversation conversation) {
    for (var table : List.of("conversation", "conversation_member", "branch", "message")) {
      assertThat(
              service.column(
                  "select 1 from conversation."
                      + table
                      + " where conversation_id = '"
                      + conversation.getId()
                      + "'"))
          .as(table)
          .isEmpty();
    }
  }

  private List<String> listed(boolean deleted) {
    return alice
        .conversations()
        .listConversations(
            ListConversationsRequest.newBuilder().setShowDeleted(deleted).setPageSize(200).build())
        .getConversationsList()
        .stream()
        .map(Conversation::getId)
        .toList();
  }

  private List<String> facts(String type) {
    return service.column(
        "select subject_id from conversation.outbox_fact where type = '" + type + "'");
  }

  private List<String> audited() {
    return service.column(
        "select resource_id from conversation.audit_entry where outcome = 'DONE'");
  }
}
