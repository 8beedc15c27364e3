package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Pages.Page;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.service.Periodic;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;

/// The streams of one service, as one process sees them.
///
/// Every watched stream is read once for all its watchers here; what was read lately is kept for
/// them in memory. So an event costs one query in each process, however many watch.
public final class EventLog<E> implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(100);

  private final EventTable<E> table;
  private final EventLogLimits limits;
  private final Pages<E> pages;
  private final TailReader<E> reader;
  private final Tails<E> tails;
  private final Doorbell doorbell;
  private final Periodic healing;
  private final Counter lagSwitches;
  private final AtomicInteger watchers = new AtomicInteger();
  private volatile boolean closed;

  private EventLog(
      String name,
      DatabaseConfig config,
      Database database,
      EventTable<E> table,
      Metrics metrics,
      EventLogLimits limits) {
    this.table = table;
    this.limits = limits;
    this.pages = new Pages<>(database, table, limits.readers());
    var reads =
        metrics.counter(
            "agentserver_events_reads", "Reads of a stream for all its watchers", "log", name);
    this.reader = new TailReader<>(pages, limits.pageEvents(), reads);
    this.tails = new Tails<>(table, limits, pages, reader);
    this.lagSwitches =
        metrics.counter(
            "agentserver_events_behind", "Watchers that were sent to a snapshot", "log", name);
    tails.measure(metrics, name);
    metrics.gauge("agentserver_events_watchers", "Open watches", watchers::get, "log", name);
    this.doorbell = Doorbell.start(name, config, tails, metrics, limits.doorbell());
    this.healing = Periodic.start(name + "-events-healing", limits.healing(), tails::heal);
  }

  /// @param name the service's name in metrics and logs
  /// @param config for the connections on which processes tell each other of events
  public static <E> EventLog<E> open(
      String name,
      DatabaseConfig config,
      Database database,
      EventTable<E> table,
      Metrics metrics,
      EventLogLimits limits) {
    return new EventLog<>(name, config, database, table, metrics, limits);
  }

  /// Says, inside the transaction that wrote it, that a stream has an event. Watchers are told once
  /// it is committed.
  ///
  /// @param seq of the newest event
  public void appended(DSLContext db, StreamKey stream, long seq) {
    doorbell.bells().ring(db, stream, seq);
  }

  /// Follows a stream after an event; 0 is its beginning. Fails if the stream has not come so far.
  public Watch<E> watch(StreamKey stream, long after) {
    return watch(stream, after, Portions.bounded(table::bytes, limits.pageEvents()));
  }

  private Watch<E> watch(StreamKey stream, long after, Portions<E> portions) {
    requireOpen();
    var tail = tails.acquire(stream);
    watchers.incrementAndGet();
    var watch = new Watch<>(this, tail, after, portions);
    try {
      tails.open(tail, after);
      if (!tail.gone()) {
        refuseBeyond(tail.head(), after);
      }
      return watch;
    } catch (RuntimeException failure) {
      watch.close();
      throw failure;
    }
  }

  /// Answers with the events after one, and waits for the first if there is none yet. Without a
  /// wait it tells what is committed now; with one, it is told as a watch is.
  public Poll<E> poll(StreamKey stream, long after, int limit, Duration wait) {
    requireOpen();
    if (wait.isZero()) {
      return look(stream, after, limit);
    }
    try (var watch = watch(stream, after, Portions.whole(table::bytes, limit))) {
      return switch (watch.next(wait)) {
        case Next.Events<E>(var events) -> new Poll.Page<>(events, watch.head());
        case Next.Idle<E> _ -> new Poll.Page<>(List.of(), watch.head());
        case Next.Behind<E>(var head) -> new Poll.Behind<>(head);
        case Next.Gone<E> _ -> new Poll.Gone<>();
      };
    }
  }

  private Poll<E> look(StreamKey stream, long after, int limit) {
    var read = pages.withHead(stream, after, limit);
    var head = read.head();
    if (head == null) {
      return new Poll.Gone<>();
    }
    refuseBeyond(head, after);
    if (after < head.compactedThrough()) {
      return new Poll.Behind<>(head);
    }
    return switch (read.page()) {
      case Page.Events<E>(var events) ->
          new Poll.Page<>(events, Math.max(head.seq(), seq(events.getLast())));
      case Page.End<E> _ -> new Poll.Page<>(List.of(), head.seq());
      case Page.Gap<E> _ -> new Poll.Behind<>(head);
      case Page.Gone<E> _ -> new Poll.Gone<>();
    };
  }

  /// How far a stream has come; empty when there is none.
  public Optional<Head> head(StreamKey stream) {
    return Optional.ofNullable(pages.heads(List.of(stream)).get(stream));
  }

  /// The doorbells alone, for feeds that look at a state instead of a log.
  public Bells bells() {
    return doorbell.bells();
  }

  EventLogLimits limits() {
    return limits;
  }

  Pages<E> pages() {
    return pages;
  }

  Tails<E> tails() {
    return tails;
  }

  long seq(E event) {
    return table.seq(event);
  }

  void switched() {
    lagSwitches.increment();
  }

  void left(Tail<E> tail) {
    tail.watchers().decrementAndGet();
    watchers.decrementAndGet();
  }

  void requireOpen() {
    if (closed) {
      throw new Problem.Unavailable("events", RETRY).raise();
    }
  }

  /// Throws when the database has been away for so long that waiting on is no service any more.
  void checkOutage(Outage own) {
    own.check(limits.outage());
    tails.outage().check(limits.outage());
  }

  private static void refuseBeyond(Head head, long after) {
    if (after > head.seq()) {
      throw Problem.invalid("after_seq", "is beyond the last event, " + head.seq());
    }
  }

  /// Ends every watch with Unavailable: whoever watches goes on elsewhere.
  @Override
  public void close() {
    closed = true;
    tails.wakeAll();
    healing.close();
    doorbell.close();
    reader.close();
    pages.drain();
  }
}
