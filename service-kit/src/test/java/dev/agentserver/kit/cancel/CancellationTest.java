package dev.agentserver.kit.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private static final Problem WHY = new Problem.Unavailable("test", Duration.ZERO);
  private final Cancellation work = Cancellation.begin();

  @AfterEach
  void end() {
    work.end();
  }

  @Test
  void aStopInterruptsTheWork() {
    work.stop(WHY);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(work.why()).isEqualTo(WHY);
  }

  @Test
  void onlyTheFirstStopCounts() {
    work.stop(WHY);
    work.stop(new Problem.Denied("x"));
    assertThat(work.why()).isEqualTo(WHY);
  }

  @Test
  void aStopIsPutOffUntilShieldedWorkIsDone() {
    var interruptedWithin =
        Cancellation.shielded(
            () -> {
              work.stop(WHY);
              return Cancellation.shielded(() -> Thread.currentThread().isInterrupted());
            });
    assertThat(interruptedWithin).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void shieldedWorkIsNotBegunAfterAStop() {
    work.stop(WHY);
    assertThatThrownBy(() -> Cancellation.shielded(() -> "done")).isInstanceOf(Cancelled.class);
  }

  @Test
  void aStopAfterTheEndDoesNothingAndNoInterruptIsLeft() {
    work.stop(WHY);
    work.end();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    work.stop(WHY);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void withoutACallAShieldIsNothing() {
    work.end();
    assertThat(Cancellation.shielded(() -> "done")).isEqualTo("done");
  }
}
