package dev.agentserver.file.rpc;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How long a client is waited for: one that stalls, in sending or in taking, is cut off. The
/// thread that waits is interrupted, and only while it waits.
final class Patience implements AutoCloseable {
  private static final int LOOKS = 4;

  private final Duration stall;
  private final Thread waiter = Thread.currentThread();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean waiting;
  private boolean stalled;
  private long since;

  /// @param stall how long the client may do nothing
  Patience(Duration stall) {
    this.stall = stall;
    Thread.ofVirtual().name("stall").start(this::watch);
  }

  /// Waits for the client by the thread that made this.
  <T> T await(Supplier<T> client) {
    begin();
    try {
      var next = client.get();
      end();
      return next;
    } catch (Cancelled gone) {
      end();
      throw gone;
    }
  }

  private synchronized void begin() {
    waiting = true;
    since = System.nanoTime();
  }

  private synchronized void end() {
    waiting = false;
    if (stalled) {
      Thread.interrupted();
      throw new Problem.Refused(
              "DEADLINE_EXCEEDED", "the client did nothing for " + stall, Map.of())
          .raise();
    }
  }

  private void watch() {
    try {
      while (!over.await(stall.toNanos() / LOOKS, TimeUnit.NANOSECONDS) && !cut()) {}
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean cut() {
    stalled = waiting && System.nanoTime() - since > stall.toNanos();
    if (stalled) {
      waiter.interrupt();
    }
    return stalled;
  }

  @Override
  public void close() {
    over.countDown();
  }
}
