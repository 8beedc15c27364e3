package dev.agentserver.agentrun.ledger.budget;

import dev.agentserver.agentrun.ledger.Attribution;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How much may be spent on something in a period.
///
/// @param scopeId of the tenant: the tenant
/// @param version counts changes
public record Budget(
    UUID tenantId,
    UUID id,
    Scope scope,
    UUID scopeId,
    Period period,
    Terms terms,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What of it can be changed.
  ///
  /// @param limit US dollars
  /// @param hard whether nothing is reserved beyond the limit
  /// @param thresholds percentages of the limit that are told of
  public record Terms(String name, BigDecimal limit, boolean hard, List<Integer> thresholds) {
    public Terms {
      thresholds = List.copyOf(thresholds);
    }
  }

  /// What counts in it.
  public enum Scope {
    TENANT,
    PROJECT,
    USER,
    AGENT,
    SESSION,
    RUN;

    /// Whose budgets of this kind usage counts in; null: nobody's.
    @Nullable UUID of(Attribution who) {
      return switch (this) {
        case TENANT -> who.tenantId();
        case PROJECT -> who.projectId();
        case USER -> who.userId();
        case AGENT -> who.agentId();
        case SESSION -> who.sessionId();
        case RUN -> who.runId();
      };
    }
  }

  /// When it begins anew.
  public enum Period {
    DAY,
    WEEK,
    MONTH,
    TOTAL;

    /// When the period began that a moment is in.
    Instant start(Instant time) {
      var day = time.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
      return switch (this) {
        case DAY -> day.toInstant();
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toInstant();
        case MONTH -> day.withDayOfMonth(1).toInstant();
        case TOTAL -> Instant.EPOCH;
      };
    }
  }

  /// Whether usage counts in it.
  boolean covers(Attribution who) {
    return tenantId.equals(who.tenantId()) && scopeId.equals(scope.of(who));
  }

  /// The period of it that a moment is in.
  PeriodKey at(Instant time) {
    return new PeriodKey(tenantId, id, period.start(time));
  }

  /// A period of a budget. Periods are locked in this order.
  record PeriodKey(UUID tenantId, UUID budgetId, Instant start) implements Comparable<PeriodKey> {
    @Override
    public int compareTo(PeriodKey other) {
      return (tenantId + " " + budgetId + " " + start)
          .compareTo(other.tenantId + " " + other.budgetId + " " + other.start);
    }
  }
}
