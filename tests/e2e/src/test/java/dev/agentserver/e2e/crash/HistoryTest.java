package dev.agentserver.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.crash.History.Stored;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A check that cannot fail proves nothing: each kind of damage is shown to it once.
class HistoryTest {
  private static final Stored A = new Stored("1", "a", 0);
  private static final Stored B = new Stored("2", "b", 1);

  private final History history = new History();

  @BeforeEach
  void twoWritesOfWhichOneWasAcknowledged() {
    history.sent("c", "a");
    history.acknowledged("c", "a", "1");
    history.sent("c", "b");
  }

  @Test
  void aWriteInDoubtMayBeThereOrNot() {
    assertThat(history.violations("c", List.of(A, B))).isEmpty();
    assertThat(history.violations("c", List.of(A))).isEmpty();
  }

  @Test
  void anAcknowledgedWriteThatIsGoneIsSeen() {
    assertThat(history.violations("c", List.of())).singleElement().asString().startsWith("lost: a");
  }

  @Test
  void aWriteThatHappenedTwiceIsSeen() {
    var twice = List.of(A, B, new Stored("3", "b", 2));
    assertThat(history.violations("c", twice)).containsExactly("twice: b");
  }

  @Test
  void aGapIsSeen() {
    var gap = List.of(A, new Stored("2", "b", 2));
    assertThat(history.violations("c", gap)).containsExactly("gap: depth 2 at place 1");
  }

  @Test
  void aMessageThatNobodySentIsSeen() {
    var foreign = List.of(A, B, new Stored("3", "x", 2));
    assertThat(history.violations("c", foreign)).containsExactly("never sent: x");
  }
}
