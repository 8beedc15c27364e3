package dev.agentserver.conversation.branch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.AddMemberRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.EditMessageRequest;
import dev.agentserver.conversation.v1.ForkConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListSiblingsRequest;
import dev.agentserver.conversation.v1.Membership;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.RegenerateMessageRequest;
import dev.agentserver.conversation.v1.SwitchBranchRequest;
import dev.agentserver.conversation.watch.Polling;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Branches one by one; what they are together is in [TreeTest].
class BranchTest extends ServiceTest {
  private Conversation conversation;
  private Message question;
  private Message answer;

  @BeforeEach
  void aQuestionAndAnAnswer() {
    conversation = conversation(alice);
    question = say(alice, conversation, "question");
    answer =
        alice
            .messages()
            .createMessage(draft(conversation, "answer").setRole(Message.Role.assistant).build());
  }

  private Message edit(Person person, Message message, String text) {
    return person
        .branches()
        .editMessage(
            EditMessageRequest.newBuilder().setMessageId(message.getId()).setContent(text).build());
  }

  private List<String> texts(Person person) {
    return person
        .messages()
        .listMessages(
            ListMessagesRequest.newBuilder().setConversationId(conversation.getId()).build())
        .getMessagesList()
        .stream()
        .map(Message::getContent)
        .toList();
  }

  private void goTo(Person person, int branchNo) {
    person
        .branches()
        .switchBranch(
            SwitchBranchRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setBranchNo(branchNo)
                .build());
  }

  @Test
  void anEditBeginsTheConversationAnewAndWhoMadeItIsThere() {
    service.join(conversation.getId(), TENANT, bob, "EDITOR");
    edit(alice, question, "better question");
    assertThat(texts(alice)).containsExactly("better question");
    assertThat(texts(bob)).as("who did not ask stays").containsExactly("question", "answer");
    say(alice, conversation, "more");
    say(bob, conversation, "other");
    assertThat(texts(alice)).containsExactly("better question", "more");
    goTo(alice, 0);
    assertThat(texts(alice)).containsExactly("question", "answer", "other");
  }

  @Test
  void whoIsNoMemberReadsTheOwnersBranch() {
    edit(alice, question, "better question");
    assertThat(texts(service.person(TENANT, "TENANT_OWNER"))).containsExactly("better question");
  }

  @Test
  void whoIsAddedBeginsWhereTheOwnerIs() {
    edit(alice, question, "better question");
    alice
        .members()
        .addMember(
            AddMemberRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setUserId(bob.caller().principalId().toString())
                .setRole(Membership.Role.ROLE_EDITOR)
                .build());
    assertThat(texts(bob)).containsExactly("better question");
    goTo(alice, 0);
    assertThat(texts(bob)).as("a place of their own").containsExactly("better question");
  }

  @Test
  void devicesLearnWhereTheirUserWent() {
    var other = edit(alice, question, "better question");
    goTo(alice, 0);
    goTo(alice, 0);
    var events = Polling.all(alice, conversation.getId(), answer.getSeq(), 100);
    assertThat(events)
        .extracting(ConversationEvent::getEventCase)
        .containsExactly(
            ConversationEvent.EventCase.BRANCH_CREATED,
            ConversationEvent.EventCase.MESSAGE_CREATED,
            ConversationEvent.EventCase.BRANCH_SWITCHED);
    assertThat(events.get(1).getMessageCreated().getMessage().getBranchNo())
        .isEqualTo(events.getFirst().getBranchCreated().getBranchNo())
        .isEqualTo(other.getBranchNo());
    var switched = events.getLast().getBranchSwitched();
    assertThat(switched.getUserId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(switched.getBranchNo()).isZero();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> goTo(alice, 7));
  }

  @Test
  void anAnswerIsGivenAgainBesideTheFirst() {
    var begun =
        alice
            .streams()
            .regenerateMessage(
                RegenerateMessageRequest.newBuilder().setMessageId(answer.getId()).build());
    assertThat(begun.getMessage().getState()).isEqualTo(Message.State.STATE_STREAMING);
    assertThat(begun.getMessage().getDepth()).isEqualTo(answer.getDepth());
    assertThat(
            alice
                .branches()
                .listSiblings(ListSiblingsRequest.newBuilder().setMessageId(answer.getId()).build())
                .getMessagesList())
        .extracting(Message::getId)
        .containsExactly(answer.getId(), begun.getMessage().getId());
    var ofQuestion = RegenerateMessageRequest.newBuilder().setMessageId(question.getId()).build();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> alice.streams().regenerateMessage(ofQuestion));
  }

  @Test
  void anExpectedLeafIsThatOfTheParentsBranch() {
    var other = edit(alice, question, "better question");
    var below = draft(conversation, "x").setParentMessageId(answer.getId());
    assertProblem(
        Code.ABORTED,
        "LEAF_MOVED",
        () ->
            alice.messages().createMessage(below.clone().setExpectedLeafId(other.getId()).build()));
    var said =
        alice.messages().createMessage(below.clone().setExpectedLeafId(answer.getId()).build());
    assertThat(said.getBranchNo()).isZero();
    var stranger = draft(conversation, "x").setParentMessageId(UUID.randomUUID().toString());
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> alice.messages().createMessage(stranger.build()));
    var elsewhere = say(alice, conversation(alice), "elsewhere");
    var foreign = draft(conversation, "x").setParentMessageId(elsewhere.getId()).build();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.messages().createMessage(foreign));
  }

  @Test
  void manyEditsAndAppendsAtOnceAreSiblingsEachOnABranchOfItsOwn() throws Exception {
    var below = draft(conversation, "x").setParentMessageId(answer.getId()).build();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var work =
          IntStream.range(0, 24)
              .<Future<Message>>mapToObj(
                  i ->
                      executor.submit(
                          () ->
                              i % 2 == 0
                                  ? edit(alice, answer, "answer " + i)
                                  : alice.messages().createMessage(below)))
              .toList();
      for (var one : work) {
        one.get();
      }
    }
    var edits = siblings(answer);
    assertThat(edits).hasSize(13).extracting(Message::getDepth).containsOnly(1);
    var replies =
        alice
            .messages()
            .listMessages(
                ListMessagesRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setBranchNo(0)
                    .build())
            .getMessagesList();
    assertThat(siblings(replies.getLast()))
        .hasSize(12)
        .extracting(Message::getBranchNo)
        .doesNotHaveDuplicates();
    var events = Polling.all(alice, conversation.getId(), 0, 100);
    assertThat(events)
        .extracting(ConversationEvent::getSeq)
        .isEqualTo(IntStream.rangeClosed(1, events.size()).mapToObj(Long::valueOf).toList());
    assertThat(events).hasSize(2 + 24 + 23);
  }

  private List<Message> siblings(Message message) {
    return alice
        .branches()
        .listSiblings(ListSiblingsRequest.newBuilder().setMessageId(message.getId()).build())
        .getMessagesList();
  }

  private Conversation fork(Person person, Message last) {
    return person
        .branches()
        .forkConversation(
            ForkConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setMessageId(last == null ? "" : last.getId())
                .build());
  }

  @Test
  void aForkIsTheReadersOwnConversation() {
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var fork = fork(bob, null);
    assertThat(fork.getOwnerId()).isEqualTo(bob.caller().principalId().toString());
    assertThat(fork.getTitle()).isEqualTo(conversation.getTitle());
    assertThat(fork.getMessageCount()).isEqualTo(2);
    assertThat(fork.getPreview()).isEqualTo("answer");
    assertThat(
            service.column(
                "select forked_from_message_id from conversation.conversation where conversation_id = '%s'"
                    .formatted(fork.getId())))
        .containsExactly(answer.getId());
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            alice
                .conversations()
                .getConversation(
                    GetConversationRequest.newBuilder().setConversationId(fork.getId()).build()));
    say(bob, fork, "thanks");
    assertThat(texts(alice)).containsExactly("question", "answer");
  }

  @Test
  void whatIsStillBeingWrittenIsNotCopied() {
    alice
        .streams()
        .beginMessage(
            BeginMessageRequest.newBuilder().setConversationId(conversation.getId()).build());
    assertProblem(Code.FAILED_PRECONDITION, "MESSAGE_STREAMING", () -> fork(alice, null));
    assertThat(fork(alice, answer).getMessageCount()).isEqualTo(2);
  }
}
