package dev.agentserver.e2e.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.configuration.Register.Read;
import dev.agentserver.e2e.configuration.Register.Stored;
import dev.agentserver.e2e.configuration.Register.Write;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A check that cannot fail proves nothing: each kind of damage is shown to it once.
class RegisterTest {
  private static final Stored DEFINITION = new Stored(1, "k", null);
  private static final Stored A = new Stored(2, "k", "a");
  private static final Stored B = new Stored(3, "k", "b");
  private static final Stored DOUBT = new Stored(4, "k", "doubt");

  private final Register register = new Register();

  @BeforeEach
  void twoWritesAndAReadBetweenThem() {
    List.of("a", "b", "doubt").forEach(register::sent);
    register.wrote(new Write("k", "a", null, 10, 20, 2));
    register.read(new Read(Map.of("k", "a"), 25, 2));
    register.wrote(new Write("k", "b", 2L, 30, 40, 3));
  }

  @Test
  void aWriteInDoubtMayBeThereOrNot() {
    assertThat(register.violations(List.of(DEFINITION, A, B))).isEmpty();
    assertThat(register.violations(List.of(DOUBT, B, A, DEFINITION))).isEmpty();
  }

  @Test
  void anAcknowledgedWriteThatIsGoneIsSeen() {
    sees("lost", DEFINITION, A);
    sees("lost", DEFINITION, A, new Stored(3, "k", "doubt"));
  }

  @Test
  void aWriteThatHappenedTwiceIsSeen() {
    sees("twice", DEFINITION, A, B, new Stored(4, "k", "b"));
  }

  @Test
  void aGapAndWhatNobodySentAreSeen() {
    sees("gap", DEFINITION, A, B, new Stored(5, "k", "doubt"));
    sees("never sent", DEFINITION, A, B, new Stored(4, "k", "x"));
  }

  @Test
  void aWriteOnAStaleBaseIsSeen() {
    register.wrote(new Write("k", "doubt", 2L, 30, 50, 4));
    sees("conflict", DEFINITION, A, B, DOUBT);
  }

  @Test
  void whatIsOutOfOrderIsSeen() {
    register.wrote(new Write("k", "doubt", null, 1, 5, 4));
    sees("order", DEFINITION, A, B, DOUBT);
  }

  @Test
  void aReadOfThePastAndOneThatNeverWasAreSeen() {
    register.read(new Read(Map.of("k", "a"), 45, 2));
    sees("stale", DEFINITION, A, B);
    register.read(new Read(Map.of("k", "a"), 45, 3));
    sees("wrong", DEFINITION, A, B);
  }

  private void sees(String what, Stored... history) {
    assertThat(register.violations(List.of(history)))
        .anySatisfy(violation -> assertThat(violation).startsWith(what + ":"));
  }
}
