package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.LedgerStore.Entry;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.ledger.record.Writer.Written;
import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes events of what is reported: says what was used, what it costs and who it was for, and has
/// it written.
public final class Recorder {
  private static final BigDecimal MOST = BigDecimal.TEN.pow(18);
  /// Since then the offsets of all time zones are multiples of a quarter of an hour.
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Duration AHEAD = Duration.ofDays(1);

  private final Purposes purposes;
  private final Normalizer normalizer;
  private final PriceBook prices;
  private final Writer writer;
  private final Ids ids;
  private final Clock clock;

  public Recorder(
      Purposes purposes,
      Normalizer normalizer,
      PriceBook prices,
      Writer writer,
      Ids ids,
      Clock clock) {
    this.purposes = purposes;
    this.normalizer = normalizer;
    this.prices = prices;
    this.writer = writer;
    this.ids = ids;
    this.clock = clock;
  }

  /// Records it, and returns once that is committed.
  public Written record(Caller caller, Report report) {
    return writer.write(entry(report, () -> purposes.resolve(caller, report.purpose())));
  }

  /// Records it without waiting for the commit.
  public CompletableFuture<Written> recordAsync(Caller caller, Report report) {
    return writer.writeAsync(entry(report, () -> purposes.resolve(caller, report.purpose())));
  }

  /// The same of what it is known of whom it was for.
  CompletableFuture<Written> recordAsync(Purposes.Resolved purpose, Report report) {
    return writer.writeAsync(entry(report, () -> purpose));
  }

  private Entry entry(Report report, Supplier<Purposes.Resolved> whose) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var at = report.occurredAt() == null ? now : report.occurredAt().truncatedTo(ChronoUnit.MICROS);
    if (at.isAfter(now.plus(AHEAD)) || at.isBefore(FIRST)) {
      throw Problem.invalid(
          "record.occurred_at", "is before the year 2000 or more than a day ahead");
    }
    var purpose = whose.get();
    var usage = usage(report);
    var conditions = report.conditions().or(usage.conditions());
    var priced = priced(purpose.who().tenantId(), usage, conditions, at);
    requireCost(priced);
    var event =
        new UsageEvent(
            ids.next(),
            report.key(),
            purpose.who(),
            usage.provider(),
            model(report.model(), usage.readings()),
            report.flavor(),
            conditions,
            report.holdId(),
            usage.state(),
            usage.readings(),
            UsageEvent.Cost.of(priced, usage.reportedCost()),
            lines(priced.lines()),
            usage.warnings().stream().map(Recorder::text).toList(),
            purpose.late(),
            false,
            at,
            now);
    return new Entry(event, report.hash(), report.raw().isEmpty() ? null : report.raw());
  }

  static void requireCost(Priced priced) {
    if (priced.total() != null && priced.total().abs().compareTo(MOST) > 0) {
      throw Problem.invalid("record", "costs more than there is");
    }
  }

  private NormalizedUsage usage(Report report) {
    var said = report.state();
    if (report.raw().isEmpty()) {
      var state = report.readings().isEmpty() ? NormalizedUsage.State.MISSING : orEstimated(said);
      return new NormalizedUsage(
          report.provider(), report.readings(), null, Conditions.STANDARD, List.of(), state);
    }
    var usage =
        normalizer.normalize(report.provider(), report.flavor(), report.model(), report.raw());
    if (said == null || usage.state() != NormalizedUsage.State.REPORTED) {
      return usage;
    }
    return new NormalizedUsage(
        usage.provider(),
        usage.readings(),
        usage.reportedCost(),
        usage.conditions(),
        usage.warnings(),
        said == NormalizedUsage.State.MISSING ? usage.state() : said);
  }

  private static NormalizedUsage.State orEstimated(NormalizedUsage.@Nullable State said) {
    return said == null || said == NormalizedUsage.State.MISSING
        ? NormalizedUsage.State.ESTIMATED
        : said;
  }

  private Priced priced(UUID tenantId, NormalizedUsage usage, Conditions conditions, Instant at) {
    return usage.state() == NormalizedUsage.State.INVALID
        ? new Priced(Priced.State.UNPRICED, null, null, List.of(), List.of())
        : prices.price(tenantId, usage, conditions, at);
  }

  /// The one that was called, unless all was served by another.
  private static String model(String called, List<Reading> readings) {
    return readings.isEmpty() || readings.stream().anyMatch(one -> one.model().equals(called))
        ? called
        : readings.getFirst().model();
  }

  private static List<Line> lines(List<PriceLine> prices) {
    var lines = new ArrayList<Line>();
    for (var price : prices) {
      lines.add(new Line(lines.size() + 1, Line.Kind.CHARGE, 0, price));
    }
    return lines;
  }

  static String text(Warning warning) {
    return (warning.code() + " " + warning.field()).strip().replace('\n', ' ').replace('\0', ' ');
  }
}
