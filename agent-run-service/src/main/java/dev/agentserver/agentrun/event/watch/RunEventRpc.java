package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.EventRow;
import dev.agentserver.agentrun.event.Reports;
import dev.agentserver.agentrun.event.watch.Polls.Page;
import dev.agentserver.agentrun.event.watch.Watches.Start;
import dev.agentserver.agentrun.v1.AppendEventsRequest;
import dev.agentserver.agentrun.v1.AppendEventsResponse;
import dev.agentserver.agentrun.v1.ListConversationRunEventsRequest;
import dev.agentserver.agentrun.v1.ListConversationRunEventsResponse;
import dev.agentserver.agentrun.v1.ListRunEventsRequest;
import dev.agentserver.agentrun.v1.ListRunEventsResponse;
import dev.agentserver.agentrun.v1.ListSessionEventsRequest;
import dev.agentserver.agentrun.v1.ListSessionEventsResponse;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.StreamEventsRequest;
import dev.agentserver.agentrun.v1.StreamEventsResponse;
import dev.agentserver.agentrun.v1.WatchConversationRunsRequest;
import dev.agentserver.agentrun.v1.WatchRunRequest;
import dev.agentserver.agentrun.v1.WatchSessionRequest;
import dev.agentserver.agentrun.v1.WatchStart;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.grpc.Sender;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// RunEventService: translation between the contract and [Reports], [Watches] and [Polls].
public final class RunEventRpc implements BindableService {
  private final Reports reports;
  private final Watches watches;
  private final Polls polls;
  private final Readers readers;
  private final PageSizes pages;

  RunEventRpc(Reports reports, Watches watches, Polls polls, Readers readers, PageSizes pages) {
    this.reports = reports;
    this.watches = watches;
    this.polls = polls;
    this.readers = readers;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(RunEventServiceGrpc.getServiceDescriptor())
        .unary(RunEventServiceGrpc.getAppendEventsMethod(), this::append)
        .clientStream(RunEventServiceGrpc.getStreamEventsMethod(), this::stream)
        .unary(RunEventServiceGrpc.getListRunEventsMethod(), this::listRun)
        .unary(RunEventServiceGrpc.getListSessionEventsMethod(), this::listSession)
        .unary(RunEventServiceGrpc.getListConversationRunEventsMethod(), this::listConversation)
        .serverStream(RunEventServiceGrpc.getWatchRunMethod(), this::watchRun)
        .serverStream(RunEventServiceGrpc.getWatchSessionMethod(), this::watchSession)
        .serverStream(RunEventServiceGrpc.getWatchConversationRunsMethod(), this::watchConversation)
        .build();
  }

  private AppendEventsResponse append(AppendEventsRequest request) {
    return AppendEventsResponse.newBuilder().addAllSeqs(write(request)).build();
  }

  /// What a client sends while a batch is written stays with the client.
  private StreamEventsResponse stream(Receiver<StreamEventsRequest> requests) {
    var events = 0L;
    var last = 0L;
    for (var next = requests.next(); next.isPresent(); next = requests.next()) {
      var numbers = write(next.get().getAppend());
      events += numbers.size();
      last = Math.max(last, numbers.stream().mapToLong(Long::longValue).max().orElse(0));
    }
    return StreamEventsResponse.newBuilder().setEvents(events).setLastSeq(last).build();
  }

  private List<Long> write(AppendEventsRequest request) {
    List<EventRow> rows =
        IntStream.range(0, request.getEventsCount())
            .mapToObj(i -> EventProto.row("events[" + i + "]", request.getEvents(i)))
            .toList();
    return reports.append(
        Callers.current(), UUID.fromString(request.getRunId()), request.getLeaseEpoch(), rows);
  }

  private ListRunEventsResponse listRun(ListRunEventsRequest request) {
    var asked =
        new Asked(
            RunEventServiceGrpc.getListRunEventsMethod().getFullMethodName(),
            request.getAfterSeq(),
            LongPoll.wait(request.getWait()),
            request.getPageSize(),
            request.getPageToken());
    var caller = Callers.current();
    var given = UUID.fromString(request.getRunId());
    var begin = asked.begin(caller, given, () -> readers.run(caller, given).id());
    var page = page(asked, new Target.OfRun(begin.id()), begin);
    return ListRunEventsResponse.newBuilder()
        .addAllEvents(events(page))
        .setSeq(page.seq())
        .setNextPageToken(asked.next(caller, given, begin, page))
        .build();
  }

  private ListSessionEventsResponse listSession(ListSessionEventsRequest request) {
    var asked =
        new Asked(
            RunEventServiceGrpc.getListSessionEventsMethod().getFullMethodName(),
            request.getAfterSeq(),
            LongPoll.wait(request.getWait()),
            request.getPageSize(),
            request.getPageToken());
    var caller = Callers.current();
    var id = UUID.fromString(request.getSessionId());
    var begin = asked.begin(caller, id, () -> id);
    var page = page(asked, new Target.OfSession(id), begin);
    return ListSessionEventsResponse.newBuilder()
        .addAllEvents(events(page))
        .setSeq(page.seq())
        .setNextPageToken(asked.next(caller, id, begin, page))
        .build();
  }

  private ListConversationRunEventsResponse listConversation(
      ListConversationRunEventsRequest request) {
    var asked =
        new Asked(
            RunEventServiceGrpc.getListConversationRunEventsMethod().getFullMethodName(),
            request.getAfterSeq(),
            LongPoll.wait(request.getWait()),
            request.getPageSize(),
            request.getPageToken());
    var caller = Callers.current();
    var id = UUID.fromString(request.getConversationId());
    var begin = asked.begin(caller, id, () -> id);
    var page = page(asked, new Target.OfConversation(id), begin);
    return ListConversationRunEventsResponse.newBuilder()
        .addAllEvents(events(page))
        .setSeq(page.seq())
        .setNextPageToken(asked.next(caller, id, begin, page))
        .build();
  }

  private Page page(Asked asked, Target target, Asked.Begin begin) {
    return polls.poll(
        Callers.current(), target, begin.after(), asked.patience(), pages.of(asked.pageSize()));
  }

  private static List<RunEvent> events(Page page) {
    return page.frames().stream().map(EventProto::toProto).toList();
  }

  private void watchRun(WatchRunRequest request, Sender<RunEvent> sender) {
    watch(
        new Target.OfRun(UUID.fromString(request.getRunId())),
        request.hasAfterSeq() ? request.getAfterSeq() : null,
        request.getStart(),
        sender);
  }

  private void watchSession(WatchSessionRequest request, Sender<RunEvent> sender) {
    watch(
        new Target.OfSession(UUID.fromString(request.getSessionId())),
        request.hasAfterSeq() ? request.getAfterSeq() : null,
        request.getStart(),
        sender);
  }

  private void watchConversation(WatchConversationRunsRequest request, Sender<RunEvent> sender) {
    watch(
        new Target.OfConversation(UUID.fromString(request.getConversationId())),
        request.hasAfterSeq() ? request.getAfterSeq() : null,
        request.getStart(),
        sender);
  }

  private void watch(
      Target target, @Nullable Long after, WatchStart start, Sender<RunEvent> sender) {
    watches.watch(
        Callers.current(),
        target,
        after,
        start(start),
        frame -> sender.send(EventProto.toProto(frame)));
  }

  private static Start start(WatchStart start) {
    return switch (start) {
      case WATCH_START_UNSPECIFIED, UNRECOGNIZED -> Start.FIRST;
      case WATCH_START_TAIL -> Start.TAIL;
      case WATCH_START_SNAPSHOT -> Start.SNAPSHOT;
    };
  }
}
