package dev.agentserver.agentrun.ledger.query;

import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is asked of the ledger: which usage, added up by what.
///
/// @param from null: from the first
/// @param to not itself; null: to the last
/// @param zone of days and hours
public record Query(
    List<Dimension> groupBy,
    @Nullable Instant from,
    @Nullable Instant to,
    ZoneId zone,
    Filter filter) {
  /// What usage is grouped by.
  public enum Dimension {
    USER,
    AGENT,
    PROJECT,
    SESSION,
    CONVERSATION,
    PROVIDER,
    MODEL,
    TIER,
    DAY,
    HOUR
  }

  /// Which usage. What is null is any.
  public record Filter(
      @Nullable UUID userId,
      @Nullable UUID agentId,
      @Nullable UUID projectId,
      @Nullable UUID sessionId,
      @Nullable UUID conversationId,
      @Nullable String provider,
      @Nullable String model) {
    Set<Dimension> dimensions() {
      var used = EnumSet.noneOf(Dimension.class);
      mark(used, userId, Dimension.USER);
      mark(used, agentId, Dimension.AGENT);
      mark(used, projectId, Dimension.PROJECT);
      mark(used, sessionId, Dimension.SESSION);
      mark(used, conversationId, Dimension.CONVERSATION);
      mark(used, provider, Dimension.PROVIDER);
      mark(used, model, Dimension.MODEL);
      return used;
    }

    private static void mark(Set<Dimension> used, @Nullable Object value, Dimension dimension) {
      if (value != null) {
        used.add(dimension);
      }
    }

    /// The same of one user only.
    Filter of(UUID user) {
      return new Filter(user, agentId, projectId, sessionId, conversationId, provider, model);
    }
  }

  /// The same of one user only.
  public Query of(UUID user) {
    return new Query(groupBy, from, to, zone, filter.of(user));
  }

  /// The same of another time.
  Query within(Instant begin, Instant end) {
    return new Query(groupBy, begin, end, zone, filter);
  }
}
