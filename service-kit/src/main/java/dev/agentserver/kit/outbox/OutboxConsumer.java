package dev.agentserver.kit.outbox;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Learns the facts of another service and acts on each once.
///
/// The position is kept with the effect, in one transaction, so a process may die at any moment and
/// several replicas may ask for the same facts. While the other service is away nothing is learned,
/// and nothing here depends on it; it goes on where it was, however long that took.
public final class OutboxConsumer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxConsumer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final Duration AWAY = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Longer than their source keeps facts.
  private static final Duration KEEP_NOTES = Duration.ofDays(90);

  private static final int SWEEP = 1_000;

  private final Database database;
  private final String source;
  private final FactSource facts;
  private final FactHandler handler;
  private final CursorStore store = new CursorStore();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Cancellation waiting;
  private volatile long position;
  private volatile boolean failing;
  private long failingSince;
  private boolean said;
  private Duration pause = FIRST_PAUSE;

  private OutboxConsumer(
      Database database, String source, FactSource facts, FactHandler handler, Metrics metrics) {
    this.database = database;
    this.source = source;
    this.facts = facts;
    this.handler = handler;
    this.thread = Thread.ofVirtual().name("facts-of-" + source).unstarted(this::follow);
    metrics.gauge(
        "agentserver.facts.position",
        "The last position of another service's facts that is applied here.",
        () -> position,
        "source",
        source);
    metrics.gauge(
        "agentserver.facts.failing",
        "1 while another service's facts cannot be learned, or not be applied.",
        () -> failing ? 1 : 0,
        "source",
        source);
  }

  /// Starts.
  ///
  /// @param source the name of the other service
  public static OutboxConsumer start(
      Database database, String source, FactSource facts, FactHandler handler, Metrics metrics) {
    var consumer = new OutboxConsumer(database, source, facts, handler, metrics);
    consumer.thread.start();
    return consumer;
  }

  private void follow() {
    var work = Cancellation.begin();
    waiting = work;
    try {
      while (closed.getCount() > 0) {
        if (!next()) {
          var nanos = ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos());
          closed.await(nanos, TimeUnit.NANOSECONDS);
          var doubled = pause.multipliedBy(2);
          pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException _) {
      // Closing.
    } finally {
      work.end();
    }
  }

  private boolean next() {
    try {
      position = database.read(db -> store.position(db, source));
      apply(facts.after(position));
      if (said) {
        LOG.info("facts of {} are learned again", source);
      }
      failing = false;
      said = false;
      pause = FIRST_PAUSE;
      return true;
    } catch (FactSource.BeyondHead behind) {
      LOG.error("{} has lost facts that were applied here; it is read anew", source, behind);
      return begin();
    } catch (RuntimeException failure) {
      failed(failure);
      return false;
    }
  }

  private void apply(List<PulledFact> page) {
    if (page.isEmpty()) {
      return;
    }
    handler.prepare(page);
    position =
        database.write(
            db -> {
              var at = store.lock(db, source);
              for (var fact : page) {
                if (fact.position() > at) {
                  at = fact.position();
                  if (store.note(db, source, fact.id())) {
                    handler.apply(db, fact);
                  }
                }
              }
              store.move(db, source, at);
              return at;
            });
  }

  /// What was applied is noted, so nothing is done twice.
  private boolean begin() {
    try {
      database.write(
          db -> {
            store.lock(db, source);
            store.move(db, source, 0);
            return true;
          });
    } catch (RuntimeException failure) {
      failed(failure);
    }
    return false;
  }

  /// Said once; that the other service is away only when it stays away, because they start in any
  /// order.
  private void failed(RuntimeException failure) {
    if (!failing) {
      failingSince = System.nanoTime();
      failing = true;
    }
    var away =
        failure instanceof ProblemException raised
            && raised.problem() instanceof Problem.Unavailable;
    var early = away && System.nanoTime() - failingSince < AWAY.toNanos();
    if (closed.getCount() > 0 && !said && !early) {
      LOG.warn("facts of {} cannot be learned now", source, failure);
      said = true;
    }
  }

  /// Forgets what no source keeps any more.
  public void sweep() {
    int removed;
    do {
      removed = database.write(db -> store.forget(db, source, KEEP_NOTES, SWEEP));
    } while (removed == SWEEP);
  }

  /// Breaks off the call that waits; what is being applied is finished or comes again.
  @Override
  public void close() {
    closed.countDown();
    var work = waiting;
    if (work != null) {
      work.stop(new Problem.Unavailable(source, Duration.ZERO));
    }
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
