package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import java.util.ArrayList;
import java.util.List;

/// Somebody who asks for events instead of following them.
public final class Polling {
  private Polling() {}

  /// Everything that is there after an event, page by page.
  public static List<ConversationEvent> all(
      Person person, String conversationId, long after, int pageSize) {
    var events = new ArrayList<ConversationEvent>();
    var request = request(conversationId, after).setPageSize(pageSize);
    do {
      var page = person.events().listConversationEvents(request.build());
      events.addAll(page.getEventsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return events;
  }

  public static ListConversationEventsRequest.Builder request(String conversationId, long after) {
    return ListConversationEventsRequest.newBuilder()
        .setConversationId(conversationId)
        .setAfterSeq(after);
  }
}
