package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for a condition, with a limit far beyond what it should take.
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Await() {}

  /// Waits until it is true. A condition that throws is one that is not yet true.
  public static void until(String what, Callable<Boolean> condition) throws InterruptedException {
    var end = System.nanoTime() + LIMIT.toNanos();
    Throwable last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception | AssertionError notYet) {
        last = notYet;
      }
      Thread.sleep(Duration.ofMillis(20));
    }
    fail("in vain waited until " + what, last);
  }
}
