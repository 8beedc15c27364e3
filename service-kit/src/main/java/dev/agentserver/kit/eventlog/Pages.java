package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.db.Database;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Reads the table, a few streams at a time, so that many streams that are rung at once do not take
/// the whole pool.
final class Pages<E> {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final Database database;
  private final EventTable<E> table;
  private final Semaphore turns;
  private final int readers;

  /// What the table says about a place in a stream.
  sealed interface Page<E> {
    /// Events that follow the place without a gap.
    record Events<E>(List<E> events) implements Page<E> {}

    /// Nothing follows yet.
    record End<E>(Head head) implements Page<E> {}

    /// What follows is gone, but for these.
    record Gap<E>(Head head, List<E> beyond) implements Page<E> {}

    /// There is no such stream.
    record Gone<E>() implements Page<E> {}
  }

  Pages(Database database, EventTable<E> table, int readers) {
    this.database = database;
    this.table = table;
    this.readers = readers;
    this.turns = new Semaphore(readers, true);
  }

  /// Waits for a turn to read.
  void enter() {
    try {
      turns.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
  }

  void leave() {
    turns.release();
  }

  Map<StreamKey, Head> heads(Collection<StreamKey> streams) {
    return database.read(db -> table.heads(db, streams));
  }

  /// Reads on. It is one statement where there are events.
  Page<E> after(StreamKey stream, long seq, int limit) {
    return database.read(
        db -> {
          var events = unbroken(seq, table.read(db, stream, seq, limit));
          return events.isEmpty() ? checked(stream, seq, limit, db) : new Page.Events<E>(events);
        });
  }

  /// Reads on and says how far the stream has come. The head is asked for first: everything up to
  /// it is then there to be read, or is gone.
  Read<E> withHead(StreamKey stream, long seq, int limit) {
    return database.read(
        db -> {
          var head = head(db, stream);
          return new Read<>(
              head, head == null ? new Page.Gone<E>() : under(head, stream, seq, limit, db));
        });
  }

  /// @param head null where there is no such stream
  record Read<E>(@Nullable Head head, Page<E> page) {}

  private Page<E> checked(StreamKey stream, long seq, int limit, DSLContext db) {
    var head = head(db, stream);
    return head == null ? new Page.Gone<>() : under(head, stream, seq, limit, db);
  }

  private Page<E> under(Head head, StreamKey stream, long seq, int limit, DSLContext db) {
    if (seq >= head.seq()) {
      return new Page.End<>(head);
    }
    var rows = table.read(db, stream, seq, limit);
    var events = unbroken(seq, rows);
    return events.isEmpty() ? new Page.Gap<>(head, rows) : new Page.Events<>(events);
  }

  private @Nullable Head head(DSLContext db, StreamKey stream) {
    return table.heads(db, List.of(stream)).get(stream);
  }

  /// The events up to the first one that does not follow the one before it.
  List<E> unbroken(long seq, List<E> rows) {
    var count = 0;
    while (count < rows.size() && table.seq(rows.get(count)) == seq + count + 1) {
      count++;
    }
    return count == rows.size() ? rows : rows.subList(0, count);
  }

  long seq(E event) {
    return table.seq(event);
  }

  /// Waits until nobody reads any more, because the pool is about to go.
  void drain() {
    try {
      if (turns.tryAcquire(readers, PATIENCE, TimeUnit.NANOSECONDS)) {
        turns.release(readers);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
