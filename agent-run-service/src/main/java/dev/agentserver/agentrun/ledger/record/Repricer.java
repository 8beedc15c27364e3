package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore;
import dev.agentserver.agentrun.ledger.LedgerStore.Place;
import dev.agentserver.agentrun.ledger.LedgerStore.Selection;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.kit.db.Database;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Prices usage again, by the prices that are known now to have been in force when it happened.
/// Lines that were right stay; each that was not is reversed and replaced. What a provider told of
/// the cost stays, and so does what had a price that is not there any more.
public final class Repricer {
  /// What was looked at, and what came of it.
  ///
  /// @param before what the events that change have cost
  /// @param after what they cost now
  /// @param next the last event that was looked at; null: that was all
  public record Result(
      int events, int changed, BigDecimal before, BigDecimal after, @Nullable UUID next) {}

  private static final int PAGE = 500;

  private final Database database;
  private final PriceBook prices;
  private final Revisions revisions;
  private final Clock clock;
  private final LedgerStore ledger = new LedgerStore();
  private @Nullable Place place;

  public Repricer(Database database, PriceBook prices, Spending spending, Clock clock) {
    this.database = database;
    this.prices = prices;
    this.revisions = new Revisions(spending);
    this.clock = clock;
  }

  /// Prices some of the tenant's events again.
  ///
  /// @param after the last event of the call before; null: from the first
  /// @param dryRun whether nothing is to be changed
  public Result reprice(UUID tenantId, Selection selection, @Nullable UUID after, boolean dryRun) {
    var events = database.read(db -> ledger.page(db, tenantId, selection, after, PAGE));
    var changes = events.stream().map(this::revision).filter(Objects::nonNull).toList();
    var made = dryRun || changes.isEmpty() ? changes : apply(tenantId, changes);
    return new Result(
        events.size(),
        made.size(),
        total(made.stream().map(Revision::costBefore).toList()),
        total(made.stream().map(Revision::costAfter).toList()),
        events.size() < PAGE ? null : events.getLast().id());
  }

  private static BigDecimal total(List<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// Looks for prices of the next events without one, of all tenants, and returns how many were
  /// priced.
  public synchronized int sweep() {
    var from = place;
    var found = database.read(db -> ledger.unpriced(db, from, PAGE));
    place = found.size() < PAGE ? null : found.getLast();
    var tenants = new TreeMap<UUID, List<UUID>>();
    for (var one : found) {
      tenants.computeIfAbsent(one.tenantId(), _ -> new ArrayList<>()).add(one.eventId());
    }
    var priced = 0;
    for (var tenant : tenants.entrySet()) {
      var changes =
          database.read(db -> ledger.byId(db, tenant.getKey(), tenant.getValue())).stream()
              .map(this::revision)
              .filter(Objects::nonNull)
              .toList();
      if (!changes.isEmpty()) {
        priced += apply(tenant.getKey(), changes).size();
      }
    }
    return priced;
  }

  private @Nullable Revision revision(UsageEvent event) {
    if (event.cost().state() == Priced.State.REPORTED
        || event.state() == NormalizedUsage.State.INVALID
        || event.state() == NormalizedUsage.State.VOID) {
      return null;
    }
    var usage =
        new NormalizedUsage(
            event.provider(),
            event.readings(),
            event.cost().reported(),
            event.conditions(),
            List.of(),
            event.state());
    var priced =
        prices.price(event.who().tenantId(), usage, event.conditions(), event.occurredAt());
    var lines = Revision.lines(event, priced, Line.Kind.REPRICE);
    // What is free of charge has no lines either, and yet a price.
    var same = event.cost().state() == priced.state() && lines.size() == event.lines().size();
    return priced.state() == Priced.State.UNPRICED || same
        ? null
        : new Revision(
            event,
            event.revised(
                event.conditions(),
                event.state(),
                event.readings(),
                UsageEvent.Cost.of(priced, event.cost().reported()),
                lines,
                event.warnings()));
  }

  private List<Revision> apply(UUID tenantId, List<Revision> wanted) {
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return database.write(db -> revisions.write(db, tenantId, wanted, at));
  }
}
