package dev.agentserver.allinone.erasure;

import dev.agentserver.allinone.erasure.House.Person;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.End;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.kit.test.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// Somebody who follows a conversation until the stream ends.
final class Listener {
  private final List<ConversationEvent> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  static Listener to(Person person, String conversationId) {
    var listener = new Listener();
    var request = WatchConversationRequest.newBuilder().setConversationId(conversationId).build();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ConversationEventServiceGrpc.newBlockingStub(person.channel())
                    .watchConversation(request)
                    .forEachRemaining(listener.heard::add);
              } finally {
                listener.ended.countDown();
              }
            });
    Await.until("the stream is open", () -> !listener.heard.isEmpty());
    return listener;
  }

  /// Why the stream ended; waits for it.
  End.Reason end() {
    Await.latch(ended);
    return heard.getLast().getEnd().getReason();
  }
}
