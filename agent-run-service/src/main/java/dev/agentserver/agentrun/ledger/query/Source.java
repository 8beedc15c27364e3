package dev.agentserver.agentrun.ledger.query;

import dev.agentserver.agentrun.ledger.query.Query.Dimension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where an answer comes from: the smallest table that is exact for what is asked.
public enum Source {
  QUARTER_MODEL,
  DAY_MODEL,
  DAY_USER,
  DAY_AGENT_MODEL,
  MONTH_USER,
  TOTAL,
  LEDGER;

  private static final long QUARTER = 15L * 60;
  private static final Set<Dimension> TIMES = EnumSet.of(Dimension.DAY, Dimension.HOUR);
  private static final Set<Dimension> MODELS = EnumSet.of(Dimension.PROVIDER, Dimension.MODEL);
  private static final Set<Dimension> AGENTS =
      EnumSet.of(Dimension.AGENT, Dimension.PROVIDER, Dimension.MODEL);
  private static final Set<Dimension> USERS = EnumSet.of(Dimension.USER);
  private static final Set<Dimension> SUBJECTS =
      EnumSet.of(Dimension.PROJECT, Dimension.SESSION, Dimension.CONVERSATION);

  /// The best for a query.
  public static Source of(Query query) {
    var used = query.filter().dimensions();
    query.groupBy().stream().filter(each -> !TIMES.contains(each)).forEach(used::add);
    var byHour = query.groupBy().contains(Dimension.HOUR);
    var byDay = query.groupBy().contains(Dimension.DAY);
    var ofDays = !byHour && (!byDay || isUtc(query)) && aligned(query, Source::isDay);
    if (MODELS.containsAll(used)) {
      if (ofDays) {
        return DAY_MODEL;
      }
      return aligned(query, Source::isQuarter) ? QUARTER_MODEL : LEDGER;
    }
    if (AGENTS.containsAll(used) && ofDays) {
      return DAY_AGENT_MODEL;
    }
    if (USERS.containsAll(used) && ofDays) {
      return !byDay && aligned(query, Source::isMonth) ? MONTH_USER : DAY_USER;
    }
    return isTotal(query, used) ? TOTAL : LEDGER;
  }

  /// Queries that together say the same as one. One that would read the ledger for days of another
  /// time zone reads it for what is beside the days of UTC only.
  static List<Query> parts(Query query) {
    if (of(query) != LEDGER || query.from() == null || query.to() == null) {
      return List.of(query);
    }
    var from = query.from().plus(1, ChronoUnit.DAYS).minusNanos(1).truncatedTo(ChronoUnit.DAYS);
    var to = query.to().truncatedTo(ChronoUnit.DAYS);
    if (!from.isBefore(to) || of(query.within(from, to)) == LEDGER) {
      return List.of(query);
    }
    return Stream.of(
            query.within(query.from(), from), query.within(from, to), query.within(to, query.to()))
        .filter(part -> !part.from().equals(part.to()))
        .toList();
  }

  /// Totals are of one thing that is named, since ever.
  private static boolean isTotal(Query query, Set<Dimension> used) {
    return used.size() == 1
        && SUBJECTS.containsAll(used)
        && query.filter().dimensions().equals(used)
        && query.groupBy().stream().noneMatch(TIMES::contains)
        && query.from() == null
        && query.to() == null;
  }

  private static boolean isUtc(Query query) {
    var rules = query.zone().getRules();
    return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC);
  }

  private static boolean aligned(Query query, Predicate<Instant> grid) {
    return lies(query.from(), grid) && lies(query.to(), grid);
  }

  private static boolean lies(@Nullable Instant bound, Predicate<Instant> grid) {
    return bound == null || grid.test(bound);
  }

  private static boolean isQuarter(Instant time) {
    return time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), QUARTER) == 0;
  }

  private static boolean isDay(Instant time) {
    return time.truncatedTo(ChronoUnit.DAYS).equals(time);
  }

  private static boolean isMonth(Instant time) {
    return isDay(time) && time.atOffset(ZoneOffset.UTC).getDayOfMonth() == 1;
  }
}
