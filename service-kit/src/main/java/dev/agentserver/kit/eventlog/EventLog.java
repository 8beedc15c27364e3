package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/// The streams of one service, as one process sees them.
public final class EventLog<E> implements AutoCloseable {
  private final Database database;
  private final EventTable<E> table;
  private final EventLogLimits limits;
  private final Bells bells = new Bells();

  private EventLog(Database database, EventTable<E> table, EventLogLimits limits) {
    this.database = database;
    this.table = table;
    this.limits = limits;
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
    return new EventLog<>(database, table, limits);
  }

  /// Says, inside the transaction that wrote it, that a stream has an event. Watchers are told once
  /// it is committed.
  ///
  /// @param seq of the newest event
  public void appended(DSLContext db, StreamKey stream, long seq) {
    bells.ring(db, stream, seq);
  }

  /// Follows a stream after an event; 0 is its beginning. Fails if the stream has not come so far.
  public Watch<E> watch(StreamKey stream, long after) {
    head(stream).ifPresent(head -> refuseBeyond(head.seq(), after));
    return new Watch<>(this, stream, after);
  }

  /// Answers with the events after one, and waits for the first if there is none yet.
  public Poll<E> poll(StreamKey stream, long after, int limit, Duration wait) {
    try (var bell = bells.subscribe(stream)) {
      var found = read(stream, after, limit);
      if (found instanceof Poll.Page<E>(var events, var head) && events.isEmpty()) {
        refuseBeyond(head, after);
        bell.await(wait);
        return read(stream, after, limit);
      }
      return found;
    }
  }

  /// How far a stream has come; empty when there is none.
  public Optional<Head> head(StreamKey stream) {
    return Optional.ofNullable(database.read(db -> table.heads(db, List.of(stream))).get(stream));
  }

  /// The doorbells alone, for feeds that look at a state instead of a log.
  public Bells bells() {
    return bells;
  }

  long seq(E event) {
    return table.seq(event);
  }

  Poll<E> read(StreamKey stream, long after, int limit) {
    return database.read(
        db -> {
          var head = table.heads(db, List.of(stream)).get(stream);
          if (head == null) {
            return new Poll.Gone<>();
          }
          if (after < head.compactedThrough()) {
            return new Poll.Behind<>(head);
          }
          var events = table.read(db, stream, after, limit == 0 ? limits.pageEvents() : limit);
          return new Poll.Page<>(events, head.seq());
        });
  }

  private static void refuseBeyond(long head, long after) {
    if (after > head) {
      throw Problem.invalid("after_seq", "is beyond the last event, " + head);
    }
  }

  @Override
  public void close() {
    // Nothing runs in the background yet.
  }
}
