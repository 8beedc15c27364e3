package dev.agentserver.e2e.streams;

import com.google.protobuf.Duration;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.e2e.client.User;
import io.grpc.StatusRuntimeException;
import java.util.function.Consumer;

/// Asks for events, and waits for the next ones for so many seconds at most.
record Poll(User user, String conversation, int seconds) implements Follower.Connection {
  private static final int PAGE = 100;

  @Override
  public String follow(long after, Consumer<ConversationEvent> frames) {
    var request =
        ListConversationEventsRequest.newBuilder()
            .setConversationId(conversation)
            .setAfterSeq(after)
            .setWait(Duration.newBuilder().setSeconds(seconds))
            .setPageSize(PAGE)
            .build();
    try {
      for (var more = true; more; ) {
        var page = user.grpc().events().listConversationEvents(request);
        page.getEventsList().forEach(frames);
        more = !page.getNextPageToken().isEmpty();
        request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
      }
      return "answer";
    } catch (StatusRuntimeException broken) {
      if (!Author.isExpected(broken.getStatus())) {
        throw new AssertionError(broken);
      }
      return broken.getStatus().getCode().name();
    }
  }

  /// Everything that is stored now.
  static Transcript everything(User user, String conversation) {
    var all = new Transcript("what is stored");
    new Poll(user, conversation, 0).follow(0, all::add);
    return all;
  }
}
