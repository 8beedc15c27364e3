package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds what the process does at once. A call waits its turn shortly, in order; where too many
/// wait already it is refused at once, because an answer after the client has given up helps
/// nobody.
final class Admission {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofMillis(250);

  private final Semaphore calls;
  private final Semaphore streams;
  private final int maxWaiting;
  private final int perMethod;

  /// @param listener tells the bounds of a process's listeners apart
  Admission(ServerConfig config, Metrics metrics, String listener) {
    this.calls = new Semaphore(config.maxConcurrentCalls(), true);
    this.streams = new Semaphore(config.maxOpenStreams());
    this.maxWaiting = config.maxConcurrentCalls();
    this.perMethod = Math.max(1, config.maxConcurrentCalls() * 3 / 4);
    metrics.gauge(
        "agentserver.admission.calls.free",
        "Calls that could begin now.",
        calls::availablePermits,
        "listener",
        listener);
    metrics.gauge(
        "agentserver.admission.calls.waiting",
        "Calls that wait for their turn.",
        calls::getQueueLength,
        "listener",
        listener);
    metrics.gauge(
        "agentserver.admission.streams.free",
        "Streams that could be opened now.",
        streams::availablePermits,
        "listener",
        listener);
  }

  /// The share of one method: three quarters of all, so that a method that has become slow leaves
  /// room for the others.
  final class Share {
    private final Semaphore mine = new Semaphore(perMethod, true);

    /// Waits for a turn and runs the call.
    void run(Runnable call) {
      acquire(mine);
      try {
        acquire(calls);
        try {
          call.run();
        } finally {
          calls.release();
        }
      } finally {
        mine.release();
      }
    }
  }

  /// Takes one of the streams; it must be given back by [#closeStream].
  void openStream() {
    if (!streams.tryAcquire()) {
      throw new Problem.Overloaded("open_streams", RETRY).raise();
    }
  }

  void closeStream() {
    streams.release();
  }

  private void acquire(Semaphore permits) {
    try {
      // With a timeout, even of zero, the semaphore keeps its order.
      if (permits.tryAcquire(0, TimeUnit.MILLISECONDS)) {
        return;
      }
      if (permits.getQueueLength() >= maxWaiting
          || !permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Problem.Overloaded("concurrent_calls", RETRY).raise();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Faults.GONE.raise();
    }
  }
}
