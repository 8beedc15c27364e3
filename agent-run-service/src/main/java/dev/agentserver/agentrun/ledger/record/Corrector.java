package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.record.Correction.What;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.NormalizedUsage.State;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Corrects what was recorded: the lines that are wrong are taken back and replaced, at the prices
/// that were in force when the usage happened. What was there before is kept with the reason.
public final class Corrector {
  /// @param before what it cost; null: there was no price
  public record Corrected(UsageEvent event, @Nullable BigDecimal before) {}

  private static final String RESOURCE = "usage_event";
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Normalizer normalizer;
  private final PriceBook prices;
  private final Revisions revisions;
  private final Clock clock;
  private final LedgerStore ledger = new LedgerStore();
  private final CorrectionStore store = new CorrectionStore();

  public Corrector(
      Database database,
      Writes writes,
      AuditTrail audit,
      Normalizer normalizer,
      PriceBook prices,
      Spending spending,
      Clock clock) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.normalizer = normalizer;
    this.prices = prices;
    this.revisions = new Revisions(spending);
    this.clock = clock;
  }

  /// What a correction would come to.
  public Corrected look(Caller caller, Correction correction) {
    var revision = revision(caller.tenantId(), correction);
    return new Corrected(revision.after(), revision.before().cost().total());
  }

  /// Corrects, once for each request. What is right already stays as it is.
  ///
  /// @param reply what is answered
  public <T> T correct(
      Caller caller, Attempt<T> attempt, Correction correction, Function<Corrected, T> reply) {
    var revision = revision(caller.tenantId(), correction);
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return writes.once(
        caller,
        attempt,
        db -> {
          var before = revision.before();
          var tenant = before.who().tenantId();
          if (revision.isChange()) {
            if (revisions.write(db, tenant, List.of(revision), at).isEmpty()) {
              throw new Problem.Overloaded("usage_corrections", RETRY).raise();
            }
            store.insert(db, before, caller.principalId(), correction, at);
            audit.record(
                db,
                caller,
                new AuditRecord(
                    attempt.method(),
                    RESOURCE,
                    before.id().toString(),
                    Map.of("reason", correction.reason())));
          }
          var now = ledger.byId(db, tenant, List.of(before.id())).getFirst();
          return reply.apply(new Corrected(now, before.cost().total()));
        });
  }

  private Revision revision(UUID tenantId, Correction correction) {
    var id = correction.eventId();
    var event =
        database.read(db -> ledger.byId(db, tenantId, List.of(id))).stream()
            .findFirst()
            .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
    return switch (correction.what()) {
      case What.Raw(var raw) -> revision(event, told(event, raw));
      case What.Quantities(var readings) -> revision(event, said(event, readings));
      case What.Nothing() -> nothing(event);
    };
  }

  private NormalizedUsage told(UsageEvent event, String raw) {
    var usage = normalizer.normalize(event.provider(), event.flavor(), event.model(), raw);
    if (usage.state() == State.INVALID || usage.state() == State.MISSING) {
      throw Problem.invalid(
          "raw_usage",
          usage.state() == State.MISSING
              ? "holds no usage"
              : usage.warnings().stream().map(Recorder::text).collect(Collectors.joining("; ")));
    }
    return usage;
  }

  private static NormalizedUsage said(UsageEvent event, Function<String, List<Reading>> readings) {
    return new NormalizedUsage(
        event.provider(),
        readings.apply(event.model()),
        null,
        event.conditions(),
        List.of(),
        State.ESTIMATED);
  }

  private Revision revision(UsageEvent event, NormalizedUsage usage) {
    var conditions = usage.conditions().or(event.conditions());
    var priced = prices.price(event.who().tenantId(), usage, conditions, event.occurredAt());
    Recorder.requireCost(priced);
    return new Revision(
        event,
        event.revised(
            conditions,
            usage.state(),
            usage.readings(),
            UsageEvent.Cost.of(priced, usage.reportedCost()),
            Revision.lines(event, priced, Line.Kind.CORRECTION),
            usage.warnings().stream().map(Recorder::text).toList()));
  }

  private static Revision nothing(UsageEvent event) {
    var free =
        new Priced(Priced.State.PRICED, BigDecimal.ZERO, BigDecimal.ZERO, List.of(), List.of());
    return new Revision(
        event,
        event.revised(
            event.conditions(),
            State.VOID,
            List.of(),
            UsageEvent.Cost.of(free, null),
            Revision.lines(event, free, Line.Kind.CORRECTION),
            List.of()));
  }
}
