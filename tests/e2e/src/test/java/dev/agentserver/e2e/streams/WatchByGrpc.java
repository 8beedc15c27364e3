package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.e2e.client.User;
import io.grpc.StatusException;
import java.util.function.Consumer;

/// Follows by WatchConversation.
record WatchByGrpc(User user, String conversation) implements Follower.Connection {
  @Override
  public String follow(long after, Consumer<ConversationEvent> frames) throws InterruptedException {
    var request =
        WatchConversationRequest.newBuilder()
            .setConversationId(conversation)
            .setAfterSeq(after)
            .build();
    var call =
        user.grpc().follow(ConversationEventServiceGrpc.getWatchConversationMethod(), request);
    try {
      for (var frame = call.read(); frame != null; frame = call.read()) {
        frames.accept(frame);
      }
      return "end";
    } catch (StatusException broken) {
      if (!Author.isExpected(broken.getStatus())) {
        throw new AssertionError(broken);
      }
      return broken.getStatus().getCode() + " " + broken.getStatus().getDescription();
    } finally {
      call.cancel("over", null);
    }
  }
}
