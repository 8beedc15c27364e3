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
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// ConversationEventService: translation between the contract and [Watches] and [Polls].
public final class ConversationEventRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 1_000;
  private static final String AFTER = "after";
  private static final String WITHIN = "within";

  /// An answer that comes after the deadline is none.
  private static final Duration MARGIN = Duration.ofMillis(500);

  private final Watches watches;
  private final Polls polls;
  private final BiConsumer<WatchConversationsRequest, Sender<ConversationChange>> lists;

  /// @param lists serves WatchConversations
  public ConversationEventRpc(
      Watches watches,
      Polls polls,
      BiConsumer<WatchConversationsRequest, Sender<ConversationChange>> lists) {
    this.watches = watches;
    this.polls = polls;
    this.lists = lists;
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
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page = polls.poll(caller, id, position, wait(request), size);
    var response = ListConversationEventsResponse.newBuilder().setSeq(page.seq());
    page.frames().forEach(frame -> response.addEvents(EventProto.toProto(id, frame)));
    if (page.next() != null) {
      response.setNextPageToken(scope.token(position(page.next())));
    }
    return response.build();
  }

  /// As long as was asked for, within the call's deadline.
  private static Duration wait(ListConversationEventsRequest request) {
    var wait = Duration.ofSeconds(request.getWait().getSeconds(), request.getWait().getNanos());
    var deadline = Context.current().getDeadline();
    if (deadline == null) {
      return wait;
    }
    var left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)).minus(MARGIN);
    return left.isNegative() ? Duration.ZERO : left.compareTo(wait) < 0 ? left : wait;
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
