package dev.agentserver.conversation.conversation;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.MarkReadRequest;
import dev.agentserver.conversation.v1.Message;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkReadTest extends ServiceTest {
  @Test
  void onesOwnWordsAreNeverUnread() {
    var conversation = conversation(alice);
    assertThat(get(alice, conversation).getMembership().getUnread()).isFalse();
    say(alice, conversation, "hello");
    assertThat(get(alice, conversation).getMembership().getUnread()).isFalse();
    assertThat(get(alice, conversation).getLastSeq()).isEqualTo(1);
  }

  @Test
  void anAnswerIsUnreadUntilItIsReadAlsoWhenTheMemberHadItWritten() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    var answer = answer(conversation, "hi");
    assertThat(get(alice, conversation).getMembership().getUnread()).isTrue();
    assertThat(listed(alice, conversation).getMembership().getUnread()).isTrue();
    var read = markRead(alice, conversation, answer.getSeq());
    assertThat(read.getMembership().getUnread()).isFalse();
    assertThat(read.getMembership().getLastReadSeq()).isEqualTo(2);
    assertThat(listed(alice, conversation)).isEqualTo(read);
    answer(conversation, "and more");
    assertThat(get(alice, conversation).getMembership().getUnread()).isTrue();
  }

  @Test
  void whatIsToBeReadIsCountedToAHundredWithoutOnesOwnWordsAndWhatWasDeleted() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "EDITOR");
    say(alice, conversation, "hello");
    var first = answer(conversation, "hi");
    var second = answer(conversation, "and more");
    say(bob, conversation, "I am here, too");
    assertThat(unread(alice, conversation)).isEqualTo(3);
    assertThat(listed(alice, conversation).getMembership().getUnreadMessageCount()).isEqualTo(3);
    assertThat(unread(bob, conversation)).isEqualTo(3);
    delete(second);
    assertThat(unread(alice, conversation)).isEqualTo(2);
    assertThat(
            markRead(alice, conversation, first.getSeq()).getMembership().getUnreadMessageCount())
        .isOne();
    for (var i = 0; i < 101; i++) {
      answer(conversation, "answer " + i);
    }
    assertThat(unread(alice, conversation)).isEqualTo(100);
    assertThat(markRead(alice, conversation, 0).getMembership().getUnreadMessageCount()).isZero();
  }

  @Test
  void whatWasDeletedIsNotUnread() {
    var conversation = conversation(alice);
    delete(answer(conversation, "hi"));
    assertThat(get(alice, conversation).getMembership().getUnread()).isFalse();
  }

  @Test
  void whatWasReadStaysReadAndNobodyReadsWhatIsNotThere() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    answer(conversation, "hi");
    assertThat(lastRead(markRead(alice, conversation, 1))).isEqualTo(1);
    assertThat(lastRead(markRead(alice, conversation, 1000))).isEqualTo(2);
    assertThat(lastRead(markRead(alice, conversation, 1))).isEqualTo(2);
    answer(conversation, "more");
    assertThat(lastRead(markRead(alice, conversation, 0))).isEqualTo(3);
    assertThat(lastRead(markRead(alice, conversation, 0))).isEqualTo(3);
  }

  @Test
  void everyMemberReadsForThemselves() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    say(alice, conversation, "hello");
    assertThat(get(bob, conversation).getMembership().getUnread()).isTrue();
    assertThat(get(alice, conversation).getMembership().getUnread()).isFalse();
    assertThat(markRead(bob, conversation, 0).getMembership().getUnread()).isFalse();
    assertThat(lastRead(get(alice, conversation))).isZero();
  }

  @Test
  void onlyWhatMovesChangesTheEntry() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    markRead(alice, conversation, 0);
    var changed = changedAt(conversation);
    markRead(alice, conversation, 0);
    markRead(alice, conversation, 1);
    assertThat(changedAt(conversation)).isEqualTo(changed);
    answer(conversation, "hi");
    markRead(alice, conversation, 0);
    assertThat(changedAt(conversation)).isNotEqualTo(changed);
  }

  @Test
  void forWhoIsNoMemberNothingIsNoted() {
    var conversation = conversation(alice);
    var admin = service.person(TENANT, "TENANT_OWNER");
    say(alice, conversation, "hello");
    assertThat(markRead(admin, conversation, 0).hasMembership()).isFalse();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> markRead(bob, conversation, 0));
    assertThat(lastRead(get(alice, conversation))).isZero();
  }

  @Test
  void whatIsDeletedIsNotRead() {
    var conversation = conversation(alice);
    say(alice, conversation, "hello");
    alice.conversations().deleteConversation(TrashTest.deletion(conversation).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> markRead(alice, conversation, 0));
    var back =
        alice.conversations().undeleteConversation(TrashTest.undeletion(conversation).build());
    assertThat(lastRead(back)).isZero();
  }

  @Test
  void aNegativeNumberIsRefused() {
    var conversation = conversation(alice);
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> markRead(alice, conversation, -1))
        .field("through_seq");
  }

  private Message answer(Conversation conversation, String text) {
    return alice
        .messages()
        .createMessage(
            CreateMessageRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setRole(Message.Role.assistant)
                .setContent(text)
                .build());
  }

  private void delete(Message message) {
    alice
        .messages()
        .deleteMessage(DeleteMessageRequest.newBuilder().setMessageId(message.getId()).build());
  }

  private static int unread(Person person, Conversation conversation) {
    return get(person, conversation).getMembership().getUnreadMessageCount();
  }

  private static Conversation markRead(Person person, Conversation conversation, long seq) {
    return person
        .conversations()
        .markRead(
            MarkReadRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setThroughSeq(seq)
                .build());
  }

  private static long lastRead(Conversation conversation) {
    return conversation.getMembership().getLastReadSeq();
  }

  private static Conversation get(Person person, Conversation conversation) {
    return person
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private static Conversation listed(Person person, Conversation conversation) {
    return person
        .conversations()
        .listConversations(ListConversationsRequest.newBuilder().setPageSize(200).build())
        .getConversationsList()
        .stream()
        .filter(one -> one.getId().equals(conversation.getId()))
        .findFirst()
        .orElseThrow();
  }

  private List<String> changedAt(Conversation conversation) {
    return service.column(
        "select changed_at from conversation.conversation_member where conversation_id = '"
            + conversation.getId()
            + "'");
  }
}
