package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore;
import dev.agentserver.agentrun.ledger.LedgerStore.Entry;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.rollup.Movement;
import dev.agentserver.agentrun.ledger.rollup.RollupStore;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.GroupCommit;
import dev.agentserver.kit.eventlog.GroupCommitLimits;
import dev.agentserver.kit.eventlog.Outcome;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// Writes events into the ledger: those of a tenant that come at the same time in one transaction,
/// with every sum that they belong to. Whoever waits is told once it is committed. A group that the
/// database refuses is halved until what is bad fails alone.
public final class Writer implements AutoCloseable {
  /// An event as it is in the ledger.
  ///
  /// @param duplicate whether it was there before
  public record Written(UsageEvent event, boolean duplicate) {}

  private static final int OVERHEAD = 1024;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final GroupCommitLimits LIMITS =
      new GroupCommitLimits(Duration.ofMillis(3), MEBIBYTE, 2, 100, 16 * MEBIBYTE, 64L * MEBIBYTE);

  private final Database database;
  private final Spending spending;
  private final LedgerStore ledger = new LedgerStore();
  private final RollupStore rollups = new RollupStore();
  private final GroupCommit<UUID, Entry, Written> commits;

  public Writer(Database database, Metrics metrics, Spending spending) {
    this.database = database;
    this.spending = spending;
    this.commits =
        GroupCommit.open(
            "usage",
            metrics,
            LIMITS,
            entry -> OVERHEAD + (entry.raw() == null ? 0 : entry.raw().length()),
            group -> database.write(db -> write(db, group)));
  }

  /// Waits until the event is committed.
  Written write(Entry entry) {
    return commits.submit(entry.event().who().tenantId(), entry);
  }

  /// The same without waiting.
  CompletableFuture<Written> writeAsync(Entry entry) {
    return commits.submitAsync(entry.event().who().tenantId(), entry);
  }

  /// The locks are taken in the same order by all: budgets, keys, holds, periods, sums, runs.
  private List<Outcome<Written>> write(DSLContext db, List<Entry> group) {
    var tenants =
        group.stream()
            .map(entry -> entry.event().who().tenantId())
            .collect(Collectors.toCollection(TreeSet::new));
    spending.enter(db, tenants);
    var sorted =
        group.stream()
            .sorted(
                Comparator.comparing((Entry entry) -> entry.event().who().tenantId())
                    .thenComparing(entry -> entry.event().key()))
            .toList();
    var fresh = ledger.insert(db, sorted);
    var events =
        sorted.stream().map(Entry::event).filter(event -> fresh.contains(event.id())).toList();
    var charged = spending.charge(db, charges(events));
    var over = charged.over();
    ledger.insertParts(db, events);
    for (var tenant : over.isEmpty() ? Set.<UUID>of() : tenants) {
      ledger.markOver(db, tenant, over);
    }
    rollups.apply(db, events.stream().flatMap(event -> Movement.of(event).stream()).toList());
    spending.finish(db, charged);
    var before = before(db, group, fresh);
    return group.stream().map(entry -> outcome(entry, fresh, over, before)).toList();
  }

  private static List<Spending.Charge> charges(List<UsageEvent> events) {
    return events.stream()
        .map(
            event ->
                new Spending.Charge(
                    event.id(),
                    event.who(),
                    event.holdId(),
                    event.occurredAt(),
                    Objects.requireNonNullElse(event.cost().total(), BigDecimal.ZERO),
                    Objects.requireNonNullElse(event.cost().total(), BigDecimal.ZERO),
                    true))
        .toList();
  }

  /// What was under the keys before.
  private record Before(Map<String, byte[]> hashes, Map<String, UsageEvent> events) {}

  private Map<UUID, Before> before(DSLContext db, List<Entry> group, Set<UUID> fresh) {
    var keys = new HashMap<UUID, Set<String>>();
    for (var entry : group) {
      if (!fresh.contains(entry.event().id())) {
        keys.computeIfAbsent(entry.event().who().tenantId(), _ -> new HashSet<>())
            .add(entry.event().key());
      }
    }
    var before = new HashMap<UUID, Before>();
    keys.forEach(
        (tenant, taken) ->
            before.put(
                tenant,
                new Before(
                    ledger.hashes(db, tenant, taken),
                    ledger.byKey(db, tenant, taken).stream()
                        .collect(Collectors.toMap(UsageEvent::key, event -> event)))));
    return before;
  }

  private static Outcome<Written> outcome(
      Entry entry, Set<UUID> fresh, Set<UUID> over, Map<UUID, Before> before) {
    var event = entry.event();
    if (fresh.contains(event.id())) {
      return new Outcome.Done<>(new Written(event.over(over.contains(event.id())), false));
    }
    var first = before.get(event.who().tenantId());
    if (!Arrays.equals(first.hashes().get(event.key()), entry.hash())) {
      return new Outcome.Failed<>(
          new Problem.Refused(
                  "REQUEST_ID_REUSED",
                  "the idempotency key was used before for other usage",
                  Map.of("field", "idempotency_key"))
              .raise());
    }
    return new Outcome.Done<>(new Written(first.events().get(event.key()), true));
  }

  /// Writes what waits, and refuses more.
  @Override
  public void close() {
    commits.close();
  }
}
