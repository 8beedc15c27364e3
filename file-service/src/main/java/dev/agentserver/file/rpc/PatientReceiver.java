package dev.agentserver.file.rpc;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.grpc.Receiver;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The messages of a client that is waited for only so long: one that stalls is cut off. The thread
/// that waits is interrupted, and only while it waits.
final class PatientReceiver<Q> implements Receiver<Q>, AutoCloseable {
  private static final int LOOKS = 4;

  private final Receiver<Q> client;
  private final Duration stall;
  private final Thread waiter = Thread.currentThread();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean waiting;
  private boolean stalled;
  private long since;

  /// @param stall how long the client may send nothing
  PatientReceiver(Receiver<Q> client, Duration stall) {
    this.client = client;
    this.stall = stall;
    Thread.ofVirtual().name("upload-stall").start(this::watch);
  }

  @Override
  public Optional<Q> next() {
    begin();
    try {
      var next = client.next();
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
              "DEADLINE_EXCEEDED", "the client sent nothing for " + stall, Map.of())
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
