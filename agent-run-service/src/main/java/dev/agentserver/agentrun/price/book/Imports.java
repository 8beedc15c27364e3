package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.imports.Draft;
import dev.agentserver.agentrun.price.imports.DraftCheck;
import dev.agentserver.agentrun.price.imports.Issue;
import dev.agentserver.agentrun.price.imports.PriceFile;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Takes over the prices of files.
final class Imports {
  /// How many changes and issues are told one by one.
  private static final int TOLD = 500;

  private final Writes writes;
  private final Database database;
  private final AuditTrail audit;
  private final Ids ids;
  private final Clock clock;
  private final Prices prices;
  private final StoredPrices known;
  private final PriceStore store = new PriceStore();

  Imports(
      Database database,
      Writes writes,
      AuditTrail audit,
      Ids ids,
      Clock clock,
      Prices prices,
      StoredPrices known) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
    this.prices = prices;
    this.known = known;
  }

  /// @param providers none: of all
  /// @param from when prices begin that the file gives no later time for; null: now
  record Order(
      PriceFile file,
      Set<String> providers,
      @Nullable Instant from,
      boolean shared,
      boolean dryRun) {}

  /// A price that is another than it was.
  ///
  /// @param before null: there was none
  record Change(@Nullable PriceVersion before, PriceVersion after) {}

  /// @param changes the first of them
  /// @param issues the first of them
  record Outcome(
      int added,
      int changed,
      int unchanged,
      int rejected,
      List<Change> changes,
      List<Issue> issues,
      boolean truncated) {}

  Outcome run(Caller caller, Attempt<Outcome> attempt, Order order) {
    var scope = Prices.scope(caller, order.shared());
    if (order.dryRun()) {
      return database.read(db -> new Run(db, scope, order).plan());
    }
    return writes.once(
        caller,
        attempt,
        db -> {
          var run = new Run(db, scope, order);
          var outcome = run.plan();
          prices.apply(db, scope, run.changes());
          audit.record(
              db,
              caller,
              new AuditRecord(
                  attempt.method(),
                  "price_book",
                  scope.toString(),
                  Map.of(
                      "changed", Integer.toString(outcome.added() + outcome.changed()),
                      "shared", Boolean.toString(order.shared()))));
          Database.afterCommit(db, known::forget);
          return outcome;
        });
  }

  /// One import: what there is, and what it becomes.
  private final class Run {
    private final Order order;
    private final Instant start;
    private final PriceFile checked;
    private final Map<PriceKey, List<Draft>> drafts = new LinkedHashMap<>();
    private final Map<PriceKey, Timeline> timelines = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private int unchanged;

    Run(DSLContext db, UUID scope, Order order) {
      this.order = order;
      this.start =
          order.from() == null ? clock.instant().truncatedTo(ChronoUnit.MICROS) : order.from();
      this.checked = DraftCheck.of(order.file());
      checked.drafts().stream()
          .filter(draft -> isWanted(draft.key().provider()))
          .forEach(draft -> drafts.computeIfAbsent(draft.key(), _ -> new ArrayList<>()).add(draft));
      var providers = drafts.keySet().stream().map(PriceKey::provider).collect(Collectors.toSet());
      var there =
          store.ofProviders(db, scope, providers).stream()
              .collect(Collectors.groupingBy(version -> undated(version.key())));
      drafts
          .keySet()
          .forEach(
              key ->
                  timelines.computeIfAbsent(
                      undated(key),
                      each -> new Timeline(there.getOrDefault(each, List.of()), ids::next)));
    }

    private boolean isWanted(String provider) {
      return order.providers().isEmpty() || order.providers().contains(provider);
    }

    Outcome plan() {
      drafts.forEach(this::put);
      var added = changes.stream().filter(change -> change.before() == null).count();
      var issues = checked.issues();
      var rejected = issues.stream().filter(Issue::rejected).map(Issue::model).distinct().count();
      return new Outcome(
          Math.toIntExact(added),
          Math.toIntExact(changes.size() - added),
          unchanged,
          Math.toIntExact(rejected),
          changes.stream().limit(TOLD).toList(),
          issues.stream().limit(TOLD).toList(),
          changes.size() > TOLD || issues.size() > TOLD);
    }

    /// The prices of one thing, each until the next begins; those that are over are left out.
    private void put(PriceKey key, List<Draft> one) {
      one.sort(Comparator.comparing(Draft::from, Comparator.nullsFirst(Comparator.naturalOrder())));
      for (var i = 0; i < one.size(); i++) {
        var draft = one.get(i);
        var until = i + 1 < one.size() ? one.get(i + 1).from() : null;
        var from = draft.from() == null || draft.from().isBefore(start) ? start : draft.from();
        if (until == null || until.isAfter(from)) {
          put(
              new PriceVersion(
                  ids.next(), order.shared(), key, from, until, Source.IMPORTED, draft.rates()));
        }
      }
    }

    private void put(PriceVersion version) {
      var timeline = timelines.get(undated(version.key()));
      var beneath = timeline.beneath(version);
      var before =
          beneath.stream()
              .filter(each -> each.key().equals(version.key()))
              .findFirst()
              .orElse(null);
      if (before != null && beneath.size() == 1 && says(before, version)) {
        unchanged++;
      } else {
        timeline.put(version);
        changes.add(new Change(before, version));
      }
    }

    /// Whether a version says already what another would.
    private static boolean says(PriceVersion before, PriceVersion version) {
      var covers =
          (before.from() == null || !before.from().isAfter(version.from()))
              && (before.until() == null
                  || version.until() != null && !before.until().isBefore(version.until()));
      return covers && before.costsLike(version.rates());
    }

    Timeline.Changes changes() {
      var all = timelines.values().stream().map(Timeline::changes).toList();
      return new Timeline.Changes(
          all.stream().flatMap(each -> each.withdrawn().stream()).toList(),
          all.stream().flatMap(each -> each.moved().stream()).toList(),
          all.stream().flatMap(each -> each.added().stream()).toList());
    }
  }

  /// All times of the day together: what is for a part of it may meet what is for another.
  private static PriceKey undated(PriceKey key) {
    return new PriceKey(
        key.provider(), key.model(), key.tier(), key.batch(), key.region(), Daily.ALWAYS);
  }
}
