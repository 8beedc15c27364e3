package dev.agentserver.benchmarks.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets a few in at a time: a thousand who come at once are told to come again later, which is
/// another thing to measure.
final class Door {
  private static final int WIDTH = 16;
  private static final int PATIENCE_SECONDS = 30;

  private final Semaphore free = new Semaphore(WIDTH);

  /// Waits for its turn.
  void enter() {
    await(1);
  }

  /// One is in: the next may come.
  void entered() {
    free.release();
  }

  /// Waits until all are in.
  void awaitAll() {
    await(WIDTH);
  }

  private void await(int permits) {
    try {
      if (!free.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a stream does not open");
      }
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }
}
