package dev.agentserver.conversation.message;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.BatchCreateMessagesRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationView;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest.Order;
import dev.agentserver.conversation.v1.ListMessagesResponse;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageDraft;
import dev.agentserver.kit.test.Fewest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageListTest extends ServiceTest {
  private Conversation conversation;
  private List<String> texts;

  @BeforeEach
  void aConversationOfSixtyMessages() {
    conversation = conversation(alice);
    texts = IntStream.range(0, 60).mapToObj(i -> "m" + i).toList();
    var batch = BatchCreateMessagesRequest.newBuilder().setConversationId(conversation.getId());
    texts.forEach(
        text ->
            batch.addMessages(
                MessageDraft.newBuilder().setRole(Message.Role.user).setContent(text)));
    alice.messages().batchCreateMessages(batch.build());
  }

  @Test
  void pagesHoldEveryMessageOnceInEitherOrder() {
    assertThat(walk(request().setPageSize(7))).isEqualTo(texts);
    assertThat(walk(request().setPageSize(7).setOrder(Order.ORDER_NEWEST_FIRST)))
        .isEqualTo(texts.reversed());
  }

  @Test
  void thePageAroundAMessageHasItInItsMiddleAndLeadsBothWays() {
    var middle = list(request().setPageSize(1_000)).getMessages(30);
    var page = list(request().setPageSize(10).setAroundMessageId(middle.getId()));
    assertThat(contents(page)).isEqualTo(texts.subList(25, 35));
    assertThat(contents(list(request().setPageSize(10).setPageToken(page.getNextPageToken()))))
        .isEqualTo(texts.subList(35, 45));
    assertThat(contents(list(request().setPageSize(10).setPageToken(page.getPreviousPageToken()))))
        .isEqualTo(texts.subList(15, 25).reversed());
    var first = list(request().setPageSize(1_000)).getMessages(0);
    assertThat(list(request().setAroundMessageId(first.getId())).getPreviousPageToken()).isEmpty();
  }

  @Test
  void aMessageOfAnotherConversationIsNotTheMiddleOfThisOne() {
    var other = say(alice, conversation(alice), "elsewhere");
    var request = request().setAroundMessageId(other.getId()).build();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.messages().listMessages(request));
  }

  @Test
  void theTokenOfAFullConversationContinuesWithOlderMessages() {
    var full =
        alice
            .conversations()
            .getConversation(
                GetConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .setView(ConversationView.CONVERSATION_VIEW_FULL)
                    .build());
    var older = list(request().setPageToken(full.getMessagesNextPageToken()));
    assertThat(contents(older)).isEqualTo(texts.subList(0, 10).reversed());
    assertThat(older.getNextPageToken()).isEmpty();
  }

  @Test
  void aPageEndsAtTwoMebibytesAndHoldsAtLeastOneMessage() {
    var large = conversation(alice);
    for (var size : new int[] {1_500_000, 400_000, 400_000, 4_000_000, 10}) {
      say(alice, large, "x".repeat(size));
    }
    var lengths = new ArrayList<List<Integer>>();
    var request =
        ListMessagesRequest.newBuilder().setConversationId(large.getId()).setPageSize(1_000);
    while (true) {
      var page = list(request);
      lengths.add(
          page.getMessagesList().stream().map(message -> message.getContent().length()).toList());
      if (page.getNextPageToken().isEmpty()) {
        break;
      }
      request.setPageToken(page.getNextPageToken());
    }
    assertThat(lengths)
        .containsExactly(List.of(1_500_000, 400_000, 400_000), List.of(4_000_000), List.of(10));
  }

  @Test
  void aPageOfFiftyWithAttachmentsIsOneStatement() {
    alice
        .messages()
        .createMessage(
            draft(conversation, "with a file")
                .addAttachments(service.files().uploaded("a.txt", "text/plain", 1))
                .build());
    assertThat(
            Fewest.of(
                () -> service.statements(() -> list(request().setOrder(Order.ORDER_NEWEST_FIRST)))))
        .isEqualTo(1);
  }

  @Test
  void anEmptyConversationHasAnEmptyPage() {
    var empty = conversation(alice);
    assertThat(
            list(ListMessagesRequest.newBuilder().setConversationId(empty.getId()))
                .getMessagesList())
        .isEmpty();
  }

  @Test
  void tokensAreGoodOnlyWhereTheyWereMade() {
    var token = list(request().setPageSize(1)).getNextPageToken();
    for (var request :
        List.of(
            ListMessagesRequest.newBuilder()
                .setConversationId(conversation(alice).getId())
                .setPageToken(token)
                .build(),
            request().setPageToken(token + "x").build())) {
      assertProblem(
          Code.INVALID_ARGUMENT,
          "INVALID_PAGE_TOKEN",
          () -> alice.messages().listMessages(request));
    }
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
        () -> bob.messages().listMessages(request().setPageToken(token).build()));
  }

  private ListMessagesRequest.Builder request() {
    return ListMessagesRequest.newBuilder().setConversationId(conversation.getId());
  }

  private ListMessagesResponse list(ListMessagesRequest.Builder request) {
    return alice.messages().listMessages(request.build());
  }

  private static List<String> contents(ListMessagesResponse page) {
    return page.getMessagesList().stream().map(Message::getContent).toList();
  }

  private List<String> walk(ListMessagesRequest.Builder request) {
    var seen = new ArrayList<String>();
    while (true) {
      var page = list(request);
      seen.addAll(contents(page));
      if (page.getNextPageToken().isEmpty()) {
        return seen;
      }
      request.setPageToken(page.getNextPageToken());
    }
  }
}
