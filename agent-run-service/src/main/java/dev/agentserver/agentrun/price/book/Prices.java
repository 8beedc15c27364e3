package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.book.PriceStore.Position;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Lists, writes and withdraws prices.
final class Prices {
  static final String PLATFORM = "platform:write";
  private static final String RESOURCE = "price_version";

  /// A page of versions, and where the next one begins; null on the last.
  record Page(List<StoredVersion> versions, @Nullable Position next) {}

  /// @param shared whether it is to be everybody's
  /// @param from null: now
  /// @param until null: it has no end
  record NewPrice(
      boolean shared,
      PriceKey key,
      @Nullable Instant from,
      @Nullable Instant until,
      List<Rate> rates) {}

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Ids ids;
  private final Clock clock;
  private final StoredPrices known;
  private final PriceStore store = new PriceStore();

  Prices(
      Database database,
      Writes writes,
      AuditTrail audit,
      Ids ids,
      Clock clock,
      StoredPrices known) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
    this.known = known;
  }

  StoredVersion get(Caller caller, UUID id) {
    return database.read(db -> find(db, caller, id));
  }

  Page list(Caller caller, PriceFilter filter, @Nullable Position after, int size) {
    var found = database.read(db -> store.list(db, caller.tenantId(), filter, after, size + 1));
    if (found.size() <= size) {
      return new Page(found, null);
    }
    var last = found.get(size - 1).version();
    return new Page(
        found.subList(0, size), new Position(last.key().provider(), last.key().model(), last.id()));
  }

  StoredVersion create(Caller caller, Attempt<StoredVersion> attempt, NewPrice price) {
    var scope = scope(caller, price.shared());
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = ids.next();
          var from =
              price.from() == null ? clock.instant().truncatedTo(ChronoUnit.MICROS) : price.from();
          var version =
              new PriceVersion(
                  id,
                  price.shared(),
                  price.key(),
                  from,
                  price.until(),
                  Source.MANUAL,
                  price.rates());
          var timeline = new Timeline(store.lock(db, scope, price.key()), ids::next);
          timeline.put(version);
          apply(db, scope, timeline.changes());
          record(db, caller, attempt.method(), version);
          Database.afterCommit(db, known::forget);
          return find(db, caller, id);
        });
  }

  boolean withdraw(Caller caller, Attempt<Boolean> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var found = find(db, caller, id);
          var scope = scope(caller, found.version().shared());
          if (store.withdraw(db, scope, List.of(id)) > 0) {
            record(db, caller, attempt.method(), found.version());
          }
          Database.afterCommit(db, known::forget);
          return true;
        });
  }

  /// Whose prices are written: everybody's only by the platform.
  static UUID scope(Caller caller, boolean shared) {
    if (shared && !caller.may(PLATFORM)) {
      throw new Problem.Denied(PLATFORM).raise();
    }
    return shared ? PriceStore.EVERYBODY : caller.tenantId();
  }

  /// Those who write the same price at the same time are kept apart by the constraint.
  void apply(DSLContext db, UUID scope, Timeline.Changes changes) {
    try {
      store.withdraw(db, scope, changes.withdrawn());
      changes.moved().forEach(version -> store.move(db, scope, version));
      store.insert(db, scope, changes.added(), false);
    } catch (IntegrityConstraintViolationException e) {
      if (Constraints.violated(e).orElse("").equals("price_version_validity_exclusion")) {
        throw new Problem.Refused(
                "PRICE_CONFLICT",
                "another price for the same was written at the same time; try again",
                Map.of())
            .raise();
      }
      throw e;
    }
  }

  private StoredVersion find(DSLContext db, Caller caller, UUID id) {
    return store
        .find(db, caller.tenantId(), id)
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
  }

  private void record(DSLContext db, Caller caller, String action, PriceVersion version) {
    var changes =
        Map.of(
            "provider", version.key().provider(),
            "model", version.key().model(),
            "shared", Boolean.toString(version.shared()));
    audit.record(db, caller, new AuditRecord(action, RESOURCE, version.id().toString(), changes));
  }
}
