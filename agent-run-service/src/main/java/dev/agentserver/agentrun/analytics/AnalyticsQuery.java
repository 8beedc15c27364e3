package dev.agentserver.agentrun.analytics;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which events are counted, and by what. What is null is any.
///
/// @param to not itself
/// @param zone of days and hours
record AnalyticsQuery(
    List<Dimension> groupBy,
    @Nullable Instant from,
    @Nullable Instant to,
    ZoneId zone,
    @Nullable String name,
    @Nullable UUID userId,
    @Nullable UUID agentId) {
  /// What events are grouped by.
  enum Dimension {
    NAME,
    USER,
    AGENT,
    SESSION,
    CONVERSATION,
    DAY,
    HOUR
  }

  /// The same of one user only.
  AnalyticsQuery of(UUID user) {
    return new AnalyticsQuery(groupBy, from, to, zone, name, user, agentId);
  }
}
