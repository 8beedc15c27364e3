package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.NoticeConnection;
import io.micrometer.core.instrument.Counter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what other processes ring. When its connection breaks it takes a new one, and as rings are
/// missed between the two, everything counts as rung then.
final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final Duration LISTEN = Duration.ofSeconds(1);
  private static final int QUIET_TURNS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DatabaseConfig config;
  private final String channel;
  private final String self;
  private final Bells bells;
  private final Counter received;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("events-listener").unstarted(this::work);
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
  private boolean failing;

  Listener(DatabaseConfig config, String channel, String self, Bells bells, Counter received) {
    this.config = config;
    this.channel = channel;
    this.self = self;
    this.bells = bells;
    this.received = received;
  }

  void start() {
    thread.start();
  }

  private void work() {
    try {
      do {
        listenOrReport();
      } while (!closed.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException end) {
      LOG.debug("the listener for events ends", end);
    }
  }

  private void listenOrReport() {
    try (var connection = NoticeConnection.open(config, "events")) {
      connection.listen(channel);
      if (failing) {
        LOG.info("events of other processes are heard of at once again");
      }
      failing = false;
      backoff.reset();
      bells.everything();
      listen(connection);
    } catch (SQLException | RuntimeException failure) {
      if (!failing && open()) {
        LOG.warn("events of other processes are heard of a little later now", failure);
      }
      failing = true;
    }
  }

  private void listen(NoticeConnection connection) throws SQLException {
    var quiet = 0;
    while (open()) {
      var texts = connection.receive(LISTEN);
      texts.forEach(this::hear);
      quiet = texts.isEmpty() ? quiet + 1 : 0;
      if (quiet == QUIET_TURNS) {
        connection.check();
        quiet = 0;
      }
    }
  }

  private void hear(String text) {
    try {
      Rings.read(text, self, bells::hear, bells::everything);
      received.increment();
    } catch (IllegalArgumentException strange) {
      LOG.warn("something else was said on channel {}", channel, strange);
    }
  }

  private boolean open() {
    return closed.getCount() > 0;
  }

  /// The interrupt ends the wait by breaking the connection, which is its own.
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
