package dev.agentserver.conversation.watch;

import dev.agentserver.conversation.v1.ConversationChange;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.ListConversationEventsRequest;
import dev.agentserver.conversation.v1.ListConversationEventsResponse;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.conversation.v1.WatchConversationsRequest;
import dev.agentserver.conversation.watch.Polls.Position;
import dev.agentserver.conversation.watch.Snapshots.Cursor;
import dev.agentserver.conversation.watch.Watches.Start;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/// ConversationEventService: translation between the contract and [Watches] and [Polls].
public final class ConversationEventRpc implements BindableService {
  private static final String AFTER = "after";
  private static final String WITHIN = "within";

  private final Watches watches;
  private final Polls polls;
  private final BiConsumer<WatchConversationsRequest, Sender<ConversationChange>> lists;
  private final PageSizes pages;

  /// @param lists serves WatchConversations
  public ConversationEventRpc(
      Watches watches,
      Polls polls,
      BiConsumer<WatchConversationsRequest, Sender<ConversationChange>> lists,
      PageSizes pages) {
    this.watches = watches;
    this.polls = polls;
    this.lists = lists;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ConversationEventServiceGrpc.getServiceDescriptor())
        .serverStream(ConversationEventServiceGrpc.getWatchConversationMethod(), this::watch)
        .unary(ConversationEventServiceGrpc.getListConversationEventsMethod(), this::list)
        .serverStream(ConversationEventServiceGrpc.getWatchConversationsMethod(), lists)
        .build();
  }

  private void watch(WatchConversationRequest request, Sender<ConversationEvent> sender) {
    var id = UUID.fromString(request.getConversationId());
    watches.watch(
        Callers.current(),
        id,
        request.hasAfterSeq() ? request.getAfterSeq() : null,
        start(request.getStart()),
        frame -> sender.send(EventProto.toProto(id, frame)));
  }

  private static Start start(WatchConversationRequest.Start start) {
    return switch (start) {
      case START_UNSPECIFIED, UNRECOGNIZED -> Start.FIRST;
      case START_TAIL -> Start.TAIL;
      case START_SNAPSHOT -> Start.SNAPSHOT;
    };
  }

  private ListConversationEventsResponse list(ListConversationEventsRequest request) {
    var caller = Callers.current();
    var id = UUID.fromString(request.getConversationId());
    var scope = scope(caller, request);
    var position =
        scope
            .position(request.getPageToken(), ConversationEventRpc::position)
            .orElseGet(() -> new Position.After(request.getAfterSeq()));
    var size = pages.of(request.getPageSize());
    var page = polls.poll(caller, id, position, LongPoll.wait(request.getWait()), size);
    var response = ListConversationEventsResponse.newBuilder().setSeq(page.seq());
    page.frames().forEach(frame -> response.addEvents(EventProto.toProto(id, frame)));
    if (page.next() != null) {
      response.setNextPageToken(scope.token(position(page.next())));
    }
    return response.build();
  }

  private static PageScope scope(Caller caller, ListConversationEventsRequest request) {
    return new PageScope(
        caller,
        ConversationEventServiceGrpc.getListConversationEventsMethod().getFullMethodName(),
        request.getConversationId() + " after " + request.getAfterSeq());
  }

  private static List<String> position(Position position) {
    return switch (position) {
      case Position.After(var seq) -> List.of(AFTER, Long.toString(seq));
      case Position.Within(Cursor(var from, var low, var high, var message)) ->
          List.of(
              WITHIN,
              Long.toString(from),
              Long.toString(low),
              Long.toString(high),
              Long.toString(message));
    };
  }

  private static Position position(List<String> position) {
    if (position.getFirst().equals(AFTER)) {
      return new Position.After(Long.parseLong(position.get(1)));
    }
    var numbers = position.stream().skip(1).mapToLong(Long::parseLong).toArray();
    return new Position.Within(new Cursor(numbers[0], numbers[1], numbers[2], numbers[3]));
  }
}
