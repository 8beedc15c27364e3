package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore;
import dev.agentserver.agentrun.ledger.LedgerStore.Place;
import dev.agentserver.agentrun.ledger.LedgerStore.Selection;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.record.Spending.Charge;
import dev.agentserver.agentrun.ledger.rollup.Movement;
import dev.agentserver.agentrun.ledger.rollup.RollupStore;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.kit.db.Database;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
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

  /// An event that costs something else than its lines say.
  private record Change(UsageEvent event, Priced priced) {
    BigDecimal before() {
      return Objects.requireNonNullElse(event.cost().total(), BigDecimal.ZERO);
    }

    BigDecimal after() {
      return Objects.requireNonNull(priced.total());
    }
  }

  private static final int PAGE = 500;

  private final Database database;
  private final PriceBook prices;
  private final Spending spending;
  private final Clock clock;
  private final LedgerStore ledger = new LedgerStore();
  private final RollupStore rollups = new RollupStore();
  private @Nullable Place place;

  public Repricer(Database database, PriceBook prices, Spending spending, Clock clock) {
    this.database = database;
    this.prices = prices;
    this.spending = spending;
    this.clock = clock;
  }

  /// Prices some of the tenant's events again.
  ///
  /// @param after the last event of the call before; null: from the first
  /// @param dryRun whether nothing is to be changed
  public Result reprice(UUID tenantId, Selection selection, @Nullable UUID after, boolean dryRun) {
    var events = database.read(db -> ledger.page(db, tenantId, selection, after, PAGE));
    var changes = events.stream().map(this::change).filter(Objects::nonNull).toList();
    var made =
        dryRun || changes.isEmpty() ? changes : database.write(db -> apply(db, tenantId, changes));
    return new Result(
        events.size(),
        made.size(),
        total(made.stream().map(Change::before).toList()),
        total(made.stream().map(Change::after).toList()),
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
              .map(this::change)
              .filter(Objects::nonNull)
              .toList();
      if (!changes.isEmpty()) {
        priced += database.write(db -> apply(db, tenant.getKey(), changes)).size();
      }
    }
    return priced;
  }

  private @Nullable Change change(UsageEvent event) {
    if (event.cost().state() == Priced.State.REPORTED
        || event.state() == NormalizedUsage.State.INVALID) {
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
    // What is free of charge has no lines either, and yet a price.
    var same = event.cost().state() == priced.state() && says(standing(event), priced.lines());
    return priced.state() == Priced.State.UNPRICED || same ? null : new Change(event, priced);
  }

  /// The lines that were not taken back.
  private static List<Line> standing(UsageEvent event) {
    var reversed =
        event.lines().stream().map(Line::reverses).collect(Collectors.toUnmodifiableSet());
    return event.lines().stream()
        .filter(line -> line.reverses() == 0 && !reversed.contains(line.number()))
        .toList();
  }

  /// Whether lines say the same, whatever version of the price they name.
  private static boolean says(List<Line> lines, List<PriceLine> prices) {
    return texts(lines.stream().map(Line::price).toList()).equals(texts(prices));
  }

  private static List<String> texts(List<PriceLine> prices) {
    return prices.stream()
        .map(
            price ->
                String.join(
                    "\0",
                    price.model(),
                    price.unit().key(),
                    text(price.quantity()),
                    text(price.unitPrice()),
                    text(price.per())))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /// Those that nobody has changed meanwhile.
  private List<Change> apply(DSLContext db, UUID tenantId, List<Change> changes) {
    spending.enter(db, List.of(tenantId));
    var ids = changes.stream().map(change -> change.event().id()).toList();
    var now =
        ledger.lock(db, tenantId, ids).stream()
            .collect(Collectors.toMap(UsageEvent::id, event -> event));
    var same =
        changes.stream()
            .filter(
                change -> {
                  var event = now.get(change.event().id());
                  return event != null && event.lines().equals(change.event().lines());
                })
            .map(change -> new Change(now.get(change.event().id()), change.priced()))
            .toList();
    var charged = spending.charge(db, same.stream().map(Repricer::charge).toList());
    var moves = new ArrayList<Movement>();
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    for (var change : same) {
      var event = change.event();
      var lines = lines(event, change.priced());
      ledger.add(
          db, event, lines, UsageEvent.Cost.of(change.priced(), event.cost().reported()), at);
      moves.addAll(Movement.of(event, lines));
      if (event.cost().state() == Priced.State.UNPRICED) {
        moves.add(Movement.of(event, event.model(), Sum.PRICED));
      }
    }
    rollups.apply(db, moves);
    spending.finish(db, charged);
    return same;
  }

  private static Charge charge(Change change) {
    var event = change.event();
    return new Charge(
        event.id(),
        event.who(),
        event.holdId(),
        event.occurredAt(),
        change.after().subtract(change.before()),
        false);
  }

  private static List<Line> lines(UsageEvent event, Priced priced) {
    var lines = new ArrayList<Line>();
    var number = event.lines().size();
    for (var line : standing(event)) {
      lines.add(line.reversal(++number, Line.Kind.REPRICE));
    }
    for (var price : priced.lines()) {
      lines.add(new Line(++number, Line.Kind.REPRICE, 0, price));
    }
    return lines;
  }
}
