package dev.agentserver.kit.test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what will happen soon, instead of sleeping and hoping.
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(2);

  private Await() {}

  /// Fails after a minute, which is longer than any machine is busy with something else, naming
  // what did not come.
  public static void until(String what, BooleanSupplier condition) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited " + PATIENCE + " in vain: " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  /// The same for a latch.
  public static void latch(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("waited " + PATIENCE + " in vain for a latch");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError("interrupted while waiting for a latch", interrupted);
    }
  }
}
