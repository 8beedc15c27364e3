package dev.agentserver.agentrun.analytics;

import dev.agentserver.agentrun.v1.AnalyticsServiceGrpc;
import dev.agentserver.agentrun.v1.QueryAnalyticsRequest;
import dev.agentserver.agentrun.v1.QueryAnalyticsResponse;
import dev.agentserver.agentrun.v1.TrackEventsRequest;
import dev.agentserver.agentrun.v1.TrackEventsResponse;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/// AnalyticsService: translation between the contract and [Analytics].
final class AnalyticsRpc implements BindableService {
  private final Analytics analytics;
  private final PageSizes pages;

  AnalyticsRpc(Analytics analytics, PageSizes pages) {
    this.analytics = analytics;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(AnalyticsServiceGrpc.getServiceDescriptor())
        .unary(AnalyticsServiceGrpc.getTrackEventsMethod(), this::track)
        .unary(AnalyticsServiceGrpc.getQueryAnalyticsMethod(), this::query)
        .build();
  }

  private TrackEventsResponse track(TrackEventsRequest request) {
    var events = request.getEventsList().stream().map(AnalyticsProto::event).toList();
    var recorded = analytics.track(Callers.current(), events);
    return TrackEventsResponse.newBuilder()
        .setRecorded(recorded)
        .setDuplicates(events.size() - recorded)
        .build();
  }

  private QueryAnalyticsResponse query(QueryAnalyticsRequest request) {
    var caller = Callers.current();
    var query = AnalyticsProto.query(request);
    var scope =
        new PageScope(
            caller,
            AnalyticsServiceGrpc.getQueryAnalyticsMethod().getFullMethodName(),
            query.toString());
    var after = scope.position(request.getPageToken()).orElse(List.of());
    var found = analytics.query(caller, query, after, pages.of(request.getPageSize()));
    return AnalyticsProto.response(found, found.next() == null ? "" : scope.token(found.next()));
  }
}
