package dev.agentserver.conversation.sidebar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.sidebar.Sent.State;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SentTest {
  private final Sent sent = new Sent(Instant.EPOCH);

  @Test
  void whatWillNotBeReadAgainIsForgotten() {
    var old = UUID.randomUUID();
    var young = UUID.randomUUID();
    sent.note(old, at(1));
    sent.note(young, at(2));
    sent.forget(Instant.ofEpochSecond(1));
    assertThat(sent.from()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(sent.note(old, at(1))).isNull();
    assertThat(sent.note(young, at(3))).isEqualTo(at(2));
  }

  @Test
  void theTimeThatIsReadAgainNeverGoesBack() {
    sent.forget(Instant.ofEpochSecond(5));
    sent.forget(Instant.ofEpochSecond(3));
    assertThat(sent.from()).isEqualTo(Instant.ofEpochSecond(5));
  }

  @Test
  void beyondItsBoundTheTimeThatIsReadAgainIsCutShortAndAllInItIsRemembered() {
    for (var second = 1; second <= Sent.MOST + 10; second++) {
      sent.note(UUID.randomUUID(), at(second));
    }
    sent.forget(Instant.EPOCH);
    assertThat(sent.from()).isEqualTo(Instant.ofEpochSecond(10));
    assertThat(sent.size()).isEqualTo(Sent.MOST);
  }

  private static State at(int second) {
    return new State(Instant.ofEpochSecond(second), "");
  }
}
