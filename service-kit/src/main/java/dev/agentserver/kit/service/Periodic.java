package dev.agentserver.kit.service;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does something again and again, on a thread of its own. A failure is logged and the next turn
/// tries again.
public final class Periodic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Periodic(String name, Duration interval, Runnable work) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> repeat(name, interval, work));
  }

  /// Starts; the first turn comes after one interval.
  public static Periodic start(String name, Duration interval, Runnable work) {
    var periodic = new Periodic(name, interval, work);
    periodic.thread.start();
    return periodic;
  }

  private void repeat(String name, Duration interval, Runnable work) {
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          work.run();
        } catch (RuntimeException failure) {
          LOG.warn("{} failed and will be tried again", name, failure);
        }
      }
    } catch (InterruptedException interrupted) {
      LOG.warn("{} was interrupted and ends", name, interrupted);
    }
  }

  /// Waits for the turn at hand.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
