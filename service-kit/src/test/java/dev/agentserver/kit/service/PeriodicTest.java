package dev.agentserver.kit.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTest {
  @Test
  void aTurnThatFailsDoesNotEndTheRest() {
    var turns = new AtomicInteger();
    try (var _ =
        Periodic.start(
            "test",
            Duration.ofMillis(1),
            () -> {
              if (turns.incrementAndGet() == 1) {
                throw new IllegalStateException("the first turn fails");
              }
            })) {
      Await.until("there were three turns", () -> turns.get() >= 3);
    }
    var atTheEnd = turns.get();
    assertThat(turns).hasValue(atTheEnd);
  }

  @Test
  void closingDoesNotWaitForTheNextTurn() {
    var turns = new AtomicInteger();
    try (var _ = Periodic.start("test", Duration.ofDays(1), turns::incrementAndGet)) {
      assertThat(turns).hasValue(0);
    }
    assertThat(turns).hasValue(0);
  }
}
