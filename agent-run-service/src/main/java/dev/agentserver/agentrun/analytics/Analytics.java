package dev.agentserver.agentrun.analytics;

import dev.agentserver.agentrun.analytics.AnalyticsStore.Group;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps events for a while and counts them: those of the whole tenant for those who may see them,
/// else their own.
public final class Analytics {
  /// @param next the keys of the last group; null: there are no more
  record Page(List<Group> groups, @Nullable List<String> next) {}

  private static final String READ = "usage:read";
  private static final Duration AHEAD = Duration.ofDays(1);
  private static final int PAGE = 1_000;

  private final Database database;
  private final Clock clock;
  private final Supplier<Duration> retention;
  private final AnalyticsStore store = new AnalyticsStore();

  /// @param retention how long events are kept
  Analytics(Database database, Clock clock, Supplier<Duration> retention) {
    this.database = database;
    this.clock = clock;
    this.retention = retention;
  }

  /// Keeps events of the caller, and returns how many of them are new.
  int track(Caller caller, List<AnalyticsEvent> events) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    for (var i = 0; i < events.size(); i++) {
      requireTime("events[" + i + "].occurred_at", events.get(i).occurredAt(), now);
    }
    return database.write(
        db -> store.insert(db, caller.tenantId(), caller.principalId(), events, now));
  }

  private void requireTime(String field, @Nullable Instant time, Instant now) {
    if (time != null && (time.isAfter(now.plus(AHEAD)) || time.isBefore(oldest(now)))) {
      throw Problem.invalid(field, "must not be more than a day ahead, nor older than is kept");
    }
  }

  private Instant oldest(Instant now) {
    return now.minus(retention.get());
  }

  /// @param after the keys of the last group of the page before; none: from the first
  Page query(Caller caller, AnalyticsQuery asked, List<String> after, int size) {
    var query = seen(caller, asked);
    var found = database.read(db -> store.groups(db, caller.tenantId(), query, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var page = found.subList(0, size);
    return new Page(page, page.getLast().keys());
  }

  private static AnalyticsQuery seen(Caller caller, AnalyticsQuery asked) {
    if (caller.mayAny(READ)) {
      return asked;
    }
    if (asked.userId() != null && !asked.userId().equals(caller.principalId())) {
      throw new Problem.Denied(READ + "_any").raise();
    }
    return asked.of(caller.principalId());
  }

  /// Removes what was kept long enough, and returns how many events that were.
  public int sweep() {
    var cutoff = oldest(clock.instant());
    var removed = 0;
    while (true) {
      var some = database.write(db -> store.removeBefore(db, cutoff, PAGE));
      removed += some;
      if (some < PAGE) {
        return removed;
      }
    }
  }
}
