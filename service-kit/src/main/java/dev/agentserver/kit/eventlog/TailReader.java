package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.eventlog.Pages.Page;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what was committed to a watched stream, once for all who watch it here. A stream has at
/// most one reader at a time; without events it has none.
final class TailReader<E> {
  private static final Logger LOG = LoggerFactory.getLogger(TailReader.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Pages<E> pages;
  private final int limit;
  private final Counter reads;
  private final CountDownLatch closed = new CountDownLatch(1);

  TailReader(Pages<E> pages, int limit, Counter reads) {
    this.pages = pages;
    this.limit = limit;
    this.reads = reads;
  }

  /// Starts where [Tail] said that somebody must.
  void start(Tail<E> tail) {
    Thread.ofVirtual().name("events-reader").start(() -> read(tail));
  }

  private void read(Tail<E> tail) {
    var backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    try {
      for (var after = tail.readAfter(); after >= 0; after = tail.readAfter()) {
        try {
          step(tail, after);
          tail.outage().over();
          backoff.reset();
        } catch (RuntimeException failure) {
          report(tail, failure);
          if (closed.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS)) {
            tail.stopReading();
            return;
          }
        }
      }
    } catch (InterruptedException interrupted) {
      LOG.warn("a reader of events was interrupted and ends", interrupted);
      tail.stopReading();
    }
  }

  private void step(Tail<E> tail, long after) {
    pages.enter();
    try {
      reads.increment();
      switch (pages.after(tail.stream(), after, limit)) {
        case Page.Events<E>(var events) -> tail.add(after, events);
        case Page.End<E>(var head) -> tail.settle(head);
        case Page.Gone<E>() -> tail.end();
        case Page.Gap<E>(var head, var beyond) -> skip(tail, after, head, beyond);
      }
    } finally {
      pages.leave();
    }
  }

  private void skip(Tail<E> tail, long after, Head head, java.util.List<E> beyond) {
    var next = beyond.isEmpty() ? head.seq() : pages.seq(beyond.getFirst()) - 1;
    if (next > head.compactedThrough()) {
      LOG.error("{} has no events from {} to {}", tail.stream(), after + 1, next);
    }
    tail.skip(after, head, next, pages.unbroken(next, beyond));
  }

  /// Once for each outage: it is tried again and again.
  private static void report(Tail<?> tail, RuntimeException failure) {
    if (!tail.outage().lasts()) {
      LOG.warn("cannot read the events of {} now", tail.stream(), failure);
    }
    tail.outage().failed(failure);
  }

  void close() {
    closed.countDown();
  }
}
