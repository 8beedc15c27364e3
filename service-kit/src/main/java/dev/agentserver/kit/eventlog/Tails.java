package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.observe.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tails of the streams that are watched here.
///
/// A tail stays for some turns of healing after its last watcher has gone: who polls comes back at
/// once.
final class Tails<E> {
  private static final Logger LOG = LoggerFactory.getLogger(Tails.class);
  private static final int HEADS = 2_000;
  private static final int LINGER = 2;

  /// The turns without a new event after which a tail's events are forgotten.
  private static final int QUIET = 60;

  private final EventTable<E> table;
  private final EventLogLimits limits;
  private final Pages<E> pages;
  private final TailReader<E> reader;
  private final Outage outage = new Outage();
  private final AtomicLong kept = new AtomicLong();
  private final ConcurrentHashMap<StreamKey, Tail<E>> tails = new ConcurrentHashMap<>();

  /// How many turns a tail has been without watchers, and without events. Of the healing alone.
  private final Map<Tail<E>, Rest> rests = new HashMap<>();

  private record Rest(int unwatched, int quiet, long end) {}

  Tails(EventTable<E> table, EventLogLimits limits, Pages<E> pages, TailReader<E> reader) {
    this.table = table;
    this.limits = limits;
    this.pages = pages;
    this.reader = reader;
  }

  void measure(Metrics metrics, String name) {
    metrics.gauge(
        "agentserver_events_streams", "Streams that are followed here", tails::size, "log", name);
    metrics.gauge(
        "agentserver_events_kept_bytes", "Newest events in memory", kept::get, "log", name);
  }

  Outage outage() {
    return outage;
  }

  int size() {
    return tails.size();
  }

  long keptBytes() {
    return kept.get();
  }

  /// The tail of a stream, counted as watched; [Tail#watchers] is to be lowered again. It may not
  /// be open yet.
  Tail<E> acquire(StreamKey stream) {
    return tails.compute(
        stream,
        (_, present) -> {
          var tail = present == null || present.gone() ? replace(stream, present) : present;
          tail.watchers().incrementAndGet();
          return tail;
        });
  }

  /// A stream that was gone may have come to be.
  private Tail<E> replace(StreamKey stream, @Nullable Tail<E> gone) {
    if (gone != null) {
      gone.drop();
    }
    return new Tail<>(stream, new Recent<>(table, limits, kept));
  }

  /// Has a tail know where its stream ends, at least as far as `seq` if it goes so far.
  void open(Tail<E> tail, long seq) {
    try {
      tail.opening().lockInterruptibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
    try {
      if (tail.gone() || (tail.opened() && seq <= tail.head().seq())) {
        return;
      }
      var head = pages.heads(List.of(tail.stream())).get(tail.stream());
      if (head == null) {
        tail.end();
      } else if (tail.opened() ? tail.learn(head) : tail.open(head)) {
        reader.start(tail);
      }
    } finally {
      tail.opening().unlock();
    }
  }

  /// Somebody knows that a stream has come so far.
  void learn(Tail<E> tail, long seq) {
    if (tail.learn(new Head(seq, 0))) {
      reader.start(tail);
    }
  }

  /// Keeps what a watcher has read for itself.
  void older(Tail<E> tail, List<E> events) {
    if (tail.addOlder(table.seq(events.getLast()), events)) {
      reader.start(tail);
    }
  }

  /// Tells a watched stream's tail how far the stream has come.
  void ring(StreamKey stream, long seq) {
    var tail = tails.get(stream);
    if (tail != null && tail.ring(seq)) {
      reader.start(tail);
    }
  }

  /// Asks how far every watched stream has come: what no bell has told is found here.
  synchronized void heal() {
    var open = new ArrayList<Tail<E>>();
    for (var tail : tails.values()) {
      if (tail.opened() && !tail.gone()) {
        open.add(tail);
      }
    }
    try {
      for (var from = 0; from < open.size(); from += HEADS) {
        heal(open.subList(from, Math.min(open.size(), from + HEADS)));
      }
      if (outage.lasts()) {
        LOG.info("watched streams are compared with the database again");
      }
      outage.over();
    } catch (RuntimeException failure) {
      if (!outage.lasts()) {
        LOG.warn("cannot compare watched streams with the database now", failure);
      }
      outage.failed(failure);
    }
    sweep();
  }

  private void heal(List<Tail<E>> open) {
    var before = new HashMap<StreamKey, Head>();
    open.forEach(tail -> before.put(tail.stream(), tail.head()));
    var heads = pages.heads(before.keySet());
    for (var tail : open) {
      var head = heads.get(tail.stream());
      if (head == null) {
        tail.end();
      } else if (head.seq() < before.get(tail.stream()).seq()) {
        LOG.error("{} has lost events after {}", tail.stream(), head.seq());
        tail.lose(head);
      } else if (tail.learn(head)) {
        reader.start(tail);
      }
    }
  }

  private void sweep() {
    for (var tail : tails.values()) {
      var end = tail.head().seq();
      var last = rests.getOrDefault(tail, new Rest(0, 0, end));
      var rest =
          new Rest(
              tail.watchers().get() == 0 ? last.unwatched() + 1 : 0,
              end == last.end() ? last.quiet() + 1 : 0,
              end);
      rests.put(tail, rest);
      if (rest.quiet() == QUIET) {
        tail.forget();
      }
      if (rest.unwatched() > LINGER) {
        drop(tail);
      }
    }
    rests.keySet().removeIf(tail -> tails.get(tail.stream()) != tail);
  }

  /// Who comes meanwhile either finds the tail, and then it stays, or makes another one.
  private void drop(Tail<E> tail) {
    tails.computeIfPresent(
        tail.stream(),
        (_, present) -> {
          if (present != tail || tail.watchers().get() > 0) {
            return present;
          }
          tail.drop();
          return null;
        });
  }

  void wakeAll() {
    tails.values().forEach(Tail::wakeAll);
  }
}
