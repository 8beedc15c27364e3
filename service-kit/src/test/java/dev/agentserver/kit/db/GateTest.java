package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GateTest {
  @Test
  void whoComesWhenTooManyWaitIsRefusedAtOnce() throws InterruptedException {
    var gate = new Gate(1, Duration.ofMinutes(5));
    gate.enter();
    gate.enter();
    var waiting = new ArrayList<Thread>();
    for (var i = 0; i < 32; i++) {
      waiting.add(Thread.startVirtualThread(() -> pass(gate)));
    }
    Await.until("all wait", () -> gate.waiting() == 32);
    assertThatThrownBy(gate::enter).isInstanceOf(ProblemException.class);
    gate.leave();
    for (var thread : waiting) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void whoWaitsLongestIsNext() throws InterruptedException {
    var gate = new Gate(1, Duration.ofMinutes(5));
    gate.enter();
    gate.enter();
    var order = new CopyOnWriteArrayList<Integer>();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < 5; i++) {
      var number = i;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                gate.enter();
                order.add(number);
                gate.leave();
              }));
      Await.until("the next waits", () -> gate.waiting() == number + 1);
    }
    gate.leave();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(order).isEqualTo(List.of(0, 1, 2, 3, 4));
  }

  @Test
  void aWaitEndsWithItsPatience() {
    var gate = new Gate(1, Duration.ofMillis(20));
    gate.enter();
    gate.enter();
    assertThatThrownBy(gate::enter)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("database");
  }

  @Test
  void aWaitEndsWhenTheCallerGoesAway() throws InterruptedException {
    var gate = new Gate(1, Duration.ofMinutes(5));
    gate.enter();
    gate.enter();
    var end = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, failure) -> end.set(failure))
            .start(gate::enter);
    Await.until("it waits", () -> gate.waiting() == 1);
    thread.interrupt();
    thread.join();
    assertThat(end.get()).isInstanceOf(Cancelled.class);
  }

  private static void pass(Gate gate) {
    gate.enter();
    gate.leave();
  }
}
