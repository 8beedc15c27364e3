package dev.agentserver.agentrun.analytics;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.analytics.AnalyticsQuery.Dimension;
import dev.agentserver.agentrun.text.TimeProto;
import dev.agentserver.agentrun.v1.AnalyticsGroup;
import dev.agentserver.agentrun.v1.QueryAnalyticsRequest;
import dev.agentserver.agentrun.v1.QueryAnalyticsResponse;
import java.util.UUID;

/// Between the contract of analytics and ours.
final class AnalyticsProto {
  private static final String DIMENSION = "ANALYTICS_DIMENSION_";

  private AnalyticsProto() {}

  static AnalyticsEvent event(dev.agentserver.agentrun.v1.AnalyticsEvent proto) {
    return new AnalyticsEvent(
        UUID.fromString(proto.getId()),
        proto.getName(),
        uuidOrNull(proto.getAgentId()),
        uuidOrNull(proto.getSessionId()),
        uuidOrNull(proto.getConversationId()),
        clean(proto.getPropertiesMap()),
        proto.hasOccurredAt() ? instant("events.occurred_at", proto.getOccurredAt()) : null);
  }

  static AnalyticsQuery query(QueryAnalyticsRequest request) {
    var span =
        TimeProto.span(
            request.hasStartTime() ? request.getStartTime() : null,
            request.hasEndTime() ? request.getEndTime() : null);
    return new AnalyticsQuery(
        request.getGroupByList().stream()
            .map(each -> Dimension.valueOf(each.name().substring(DIMENSION.length())))
            .toList(),
        span.from(),
        span.to(),
        TimeProto.zone(request.getTimeZone()),
        cleanOrNull(request.getName()),
        uuidOrNull(request.getUserId()),
        uuidOrNull(request.getAgentId()));
  }

  /// @param next the token of the next page; empty: there is none
  static QueryAnalyticsResponse response(Analytics.Page page, String next) {
    return QueryAnalyticsResponse.newBuilder()
        .addAllGroups(
            page.groups().stream()
                .map(
                    group ->
                        AnalyticsGroup.newBuilder()
                            .addAllKeys(group.keys())
                            .setEvents(group.events())
                            .setUsers(group.users())
                            .build())
                .toList())
        .setNextPageToken(next)
        .build();
  }
}
