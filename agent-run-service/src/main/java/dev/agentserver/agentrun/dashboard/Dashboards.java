package dev.agentserver.agentrun.dashboard;

import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.budget.Budgets;
import dev.agentserver.agentrun.ledger.query.Query;
import dev.agentserver.agentrun.ledger.query.Query.Dimension;
import dev.agentserver.agentrun.ledger.query.Query.Filter;
import dev.agentserver.agentrun.ledger.query.QueryStore;
import dev.agentserver.agentrun.ledger.query.QueryStore.Group;
import dev.agentserver.agentrun.ledger.query.Source;
import dev.agentserver.agentrun.ledger.query.UsageQueries;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Says what a dashboard shows: of the whole tenant to those who may see its usage, else of
/// themselves. All of it is of one moment.
public final class Dashboards {
  private static final int TOP = 10;
  private static final int BUDGETS = 50;

  private final Database database;
  private final Clock clock;
  private final Budgets budgets;
  private final QueryStore usage = new QueryStore();
  private final DashboardStore store = new DashboardStore();

  Dashboards(Database database, Clock clock, Budgets budgets) {
    this.database = database;
    this.clock = clock;
    this.budgets = budgets;
  }

  /// The days that are shown, and as many before.
  private record Days(LocalDate first, Instant before, Instant start, Instant end, ZoneId zone) {
    static Days of(LocalDate today, int days, ZoneId zone) {
      var first = today.minusDays(days - 1L);
      return new Days(
          first,
          begin(first.minusDays(days), zone),
          begin(first, zone),
          begin(today.plusDays(1), zone),
          zone);
    }

    private static Instant begin(LocalDate day, ZoneId zone) {
      return day.atStartOfDay(zone).toInstant();
    }
  }

  /// @param userId of this user only; null: of all whom the caller may see
  View view(Caller caller, int days, ZoneId zone, @Nullable UUID userId) {
    var shown = Days.of(LocalDate.ofInstant(clock.instant(), zone), days, zone);
    var all = new Filter(userId, null, null, null, null, null, null);
    var filter =
        UsageQueries.seen(caller, new Query(List.of(), shown.before(), shown.end(), zone, all))
            .filter();
    return database.snapshot(db -> view(db, caller, shown, filter));
  }

  private View view(DSLContext db, Caller caller, Days days, Filter filter) {
    var tenant = caller.tenantId();
    var user = filter.userId();
    var ofDays = new Query(List.of(Dimension.DAY), days.before(), days.end(), days.zone(), filter);
    var both = usage.groups(db, tenant, ofDays, Source.of(ofDays), List.of(), Integer.MAX_VALUE);
    var first = days.first().toString();
    var now = both.stream().filter(day -> day.keys().getFirst().compareTo(first) >= 0).toList();
    var byModel = by(days, filter, Dimension.PROVIDER, Dimension.MODEL);
    var byConversation = by(days, filter, Dimension.CONVERSATION);
    return new View(
        days.start(),
        days.end(),
        sum(now.stream()),
        sum(both.stream().limit(both.size() - now.size())),
        now,
        usage.dearest(db, tenant, byModel, TOP),
        usage.dearest(db, tenant, by(days, filter, Dimension.AGENT), TOP),
        user == null ? usage.dearest(db, tenant, by(days, filter, Dimension.USER), TOP) : List.of(),
        user == null
            ? store.conversations(db, tenant, TOP)
            : usage.dearest(db, tenant, byConversation, TOP),
        usage.unpriced(db, tenant, byModel, TOP),
        store.runs(db, tenant, user, days.start(), days.end()),
        user == null && !caller.may("budget:read")
            ? List.of()
            : budgets.shown(db, tenant, user, BUDGETS));
  }

  private static Query by(Days days, Filter filter, Dimension... dimensions) {
    return new Query(List.of(dimensions), days.start(), days.end(), days.zone(), filter);
  }

  private static Sum sum(Stream<Group> days) {
    return days.map(Group::sum).reduce(Sum.ZERO, Sum::plus);
  }
}
