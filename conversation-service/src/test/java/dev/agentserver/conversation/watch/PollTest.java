package dev.agentserver.conversation.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.stream.Writer;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.StopMessageRequest;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who asks gets what a follower gets.
class PollTest extends ServiceTest {
  private static final Duration LONG = Duration.newBuilder().setSeconds(60).build();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 0, 1000})
  void pagesOfAnySizeAreWhatAWatchTells(int size) {
    var conversation = conversation(alice);
    say(alice, conversation, "question");
    var first = Writer.begin(alice, conversation);
    var second = Writer.begin(alice, conversation);
    for (var i = 0; i < 5; i++) {
      first.text(3 * i, "ab ");
      second.text(2 * i, "😀.");
    }
    first.complete();
    alice
        .streams()
        .stopMessage(StopMessageRequest.newBuilder().setMessageId(second.messageId()).build());
    var polled = Polling.all(alice, conversation.getId(), 0, size);
    assertThat(watched(conversation.getId(), polled.size())).isEqualTo(polled);
    new NaiveReader(0).apply(polled);
    assertThat(Polling.all(alice, conversation.getId(), 4, size))
        .isEqualTo(polled.subList(4, polled.size()));
  }

  private List<ConversationEvent> watched(String conversationId, int count) {
    try (var follower = Follower.after(alice, conversationId, 0)) {
      return follower.nextEvents(count);
    }
  }

  @Test
  void aPollThatWaitsReturnsAsSoonAsSomethingHappens() throws Exception {
    var conversation = conversation(alice);
    var waiting =
        ConversationEventServiceGrpc.newFutureStub(alice.channel())
            .listConversationEvents(Polling.request(conversation.getId(), 0).setWait(LONG).build());
    Await.until("somebody who waits", () -> service.openWatches() > 0);
    say(alice, conversation, "now");
    var page = waiting.get();
    assertThat(page.getEvents(0).getMessageCreated().getMessage().getContent()).isEqualTo("now");
    assertThat(page.getSeq()).isEqualTo(1);
    assertThat(page.getNextPageToken()).isEmpty();
  }

  @Test
  void aPollThatWaitsInVainIsEmpty() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    var request =
        Polling.request(conversation.getId(), 1)
            .setWait(Duration.newBuilder().setNanos(100_000_000));
    var page = alice.events().listConversationEvents(request.build());
    assertThat(page.getEventsList()).isEmpty();
    assertThat(page.getSeq()).isEqualTo(1);
    assertThat(page.getNextPageToken()).isEmpty();
  }

  @Test
  void aPollBeyondTheLastEventIsRefused() {
    var conversation = conversation(alice);
    for (var wait : List.of(Duration.getDefaultInstance(), LONG)) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () ->
                  alice
                      .events()
                      .listConversationEvents(
                          Polling.request(conversation.getId(), 1).setWait(wait).build()))
          .field("after_seq");
    }
  }

  @Test
  void aTokenIsForItsOwnQuestionOnly() {
    var conversation = conversation(alice);
    say(alice, conversation, "one");
    say(alice, conversation, "two");
    var request = Polling.request(conversation.getId(), 0).setPageSize(1);
    var token = alice.events().listConversationEvents(request.build()).getNextPageToken();
    assertThat(token).isNotEmpty();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
        () ->
            alice
                .events()
                .listConversationEvents(request.setAfterSeq(1).setPageToken(token).build()));
  }

  @Test
  void aStrangerFindsNothing() {
    var conversation = conversation(alice);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            bob.events().listConversationEvents(Polling.request(conversation.getId(), 0).build()));
  }

  @Test
  void aHistoryThatHasMoreThanAPageHoldsComesInSeveral() {
    var conversation = conversation(alice);
    for (var i = 0; i < 3; i++) {
      say(alice, conversation, Character.toString('a' + i).repeat(1024 * 1024));
    }
    var page =
        alice
            .events()
            .listConversationEvents(
                Polling.request(conversation.getId(), 0).setPageSize(1000).build());
    assertThat(page.getEventsCount()).isEqualTo(2);
    assertThat(page.getNextPageToken()).isNotEmpty();
    var all = Polling.all(alice, conversation.getId(), 0, 1000);
    assertThat(all).hasSize(3).isEqualTo(watched(conversation.getId(), 3));
  }
}
