package dev.agentserver.conversation.feedback;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationEvent.EventCase;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.conversation.v1.ListFeedbackRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageFeedback;
import dev.agentserver.conversation.v1.MessageFeedback.Rating;
import dev.agentserver.conversation.v1.SetFeedbackRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedbackRpcTest extends ServiceTest {
  @Test
  void eachReaderHasOneOpinionOfAMessageAndSeesNobodyElses() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var message = say(alice, conversation, "hello");
    set(bob, message, Rating.RATING_UP, "good");
    var second = set(bob, message, Rating.RATING_DOWN, "on second thought");
    set(alice, message, Rating.RATING_UP, "");
    assertThat(list(bob, conversation)).containsExactly(second);
    assertThat(list(alice, conversation))
        .extracting(MessageFeedback::getRating)
        .containsExactly(Rating.RATING_UP);
    set(bob, message, Rating.RATING_UNSPECIFIED, "");
    set(bob, message, Rating.RATING_UNSPECIFIED, "");
    assertThat(list(bob, conversation)).isEmpty();
    assertThat(told(conversation)).containsExactlyElementsOf(userIds(bob, bob, alice, bob));
  }

  @Test
  void whoMayNotReadHasNoOpinion() {
    var conversation = conversation(alice);
    var message = say(alice, conversation, "hello");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> set(bob, message, Rating.RATING_UP, ""));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> list(bob, conversation));
  }

  private static List<String> userIds(Person... people) {
    return List.of(people).stream()
        .map(person -> person.caller().principalId().toString())
        .toList();
  }

  private List<String> told(Conversation conversation) {
    return alice
        .events()
        .listConversationEvents(
            ListConversationEventsRequest.newBuilder()
                .setConversationId(conversation.getId())
                .build())
        .getEventsList()
        .stream()
        .filter(event -> event.getEventCase() == EventCase.FEEDBACK_CHANGED)
        .map(event -> event.getFeedbackChanged().getUserId())
        .toList();
  }

  private static MessageFeedback set(
      Person person, Message message, Rating rating, String comment) {
    return person
        .feedback()
        .setFeedback(
            SetFeedbackRequest.newBuilder()
                .setMessageId(message.getId())
                .setRating(rating)
                .setComment(comment)
                .build());
  }

  private static List<MessageFeedback> list(Person person, Conversation conversation) {
    return person
        .feedback()
        .listFeedback(
            ListFeedbackRequest.newBuilder().setConversationId(conversation.getId()).build())
        .getFeedbackList();
  }
}
