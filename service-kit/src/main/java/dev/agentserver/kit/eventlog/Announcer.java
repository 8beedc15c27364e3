package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.NoticeConnection;
import io.micrometer.core.instrument.Counter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the other processes what rang here: the first at once, what comes in the next moments
/// together. It never holds up who rings; when too much is waiting it says that everything rang.
final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final int MAX_WAITING = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DatabaseConfig config;
  private final String channel;
  private final String sender;
  private final Counter sent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
  private final Thread thread = Thread.ofVirtual().name("events-announcer").unstarted(this::work);
  private Map<StreamKey, Long> waiting = new LinkedHashMap<>();
  private boolean everything;
  private boolean open = true;
  private volatile boolean failing;
  private @Nullable NoticeConnection connection;

  private record Batch(Map<StreamKey, Long> rings, boolean everything) {}

  Announcer(DatabaseConfig config, String channel, String sender, Counter sent) {
    this.config = config;
    this.channel = channel;
    this.sender = sender;
    this.sent = sent;
  }

  void start() {
    thread.start();
  }

  void add(StreamKey key, long number) {
    lock.lock();
    try {
      put(key, number);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void put(StreamKey key, long number) {
    if (everything) {
      return;
    }
    waiting.merge(key, number, Math::max);
    if (waiting.size() > MAX_WAITING) {
      waiting.clear();
      everything = true;
    }
  }

  private void work() {
    try {
      for (var batch = take(); batch != null; batch = take()) {
        pause(send(batch) ? PAUSE : backoff.next());
      }
    } catch (InterruptedException interrupted) {
      LOG.warn("the announcer of events was interrupted and ends", interrupted);
    } finally {
      disconnect();
    }
  }

  /// @return null at the end
  private @Nullable Batch take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (open && waiting.isEmpty() && !everything) {
        changed.await();
      }
      if ((waiting.isEmpty() && !everything) || (!open && failing)) {
        return null;
      }
      var batch = new Batch(waiting, everything);
      waiting = new LinkedHashMap<>();
      everything = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private boolean send(Batch batch) {
    try {
      if (connection == null) {
        connection = NoticeConnection.open(config, "events");
      }
      var texts = Rings.write(sender, batch.rings(), batch.everything());
      connection.send(channel, texts);
      sent.increment(texts.size());
      failing = false;
      backoff.reset();
      return true;
    } catch (SQLException failure) {
      if (!failing) {
        LOG.warn(
            "cannot tell other processes of events now; they find them a little later", failure);
      }
      failing = true;
      disconnect();
      putBack(batch);
      return false;
    }
  }

  private void putBack(Batch batch) {
    lock.lock();
    try {
      batch.rings().forEach(this::put);
      everything = everything || batch.everything();
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var left = pause.toNanos();
      while (open && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void disconnect() {
    var broken = connection;
    connection = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (SQLException failure) {
        LOG.debug("not closed cleanly", failure);
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      open = false;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
