package dev.agentserver.conversation.sidebar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.problem.ProblemException;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ResumeTokenTest {
  private static final Instant TIME = Instant.parse("2026-11-21T03:04:05.678901Z");

  @Test
  void theTimeComesBackToTheMicrosecond() {
    assertThat(ResumeToken.read(ResumeToken.of(TIME))).isEqualTo(TIME);
    assertThat(ResumeToken.read(ResumeToken.of(Instant.EPOCH))).isEqualTo(Instant.EPOCH);
  }

  @Test
  void itFitsIntoTheRequestAndTheIdOfAnEvent() {
    assertThat(ResumeToken.of(TIME)).hasSizeLessThanOrEqualTo(64).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void everyFlippedBitIsNoticed() {
    var token = Base64.getUrlDecoder().decode(ResumeToken.of(TIME));
    for (var bit = 0; bit < token.length * 8; bit++) {
      var other = token.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      damaged(Base64.getUrlEncoder().encodeToString(other));
    }
  }

  @Test
  void whatIsNoTokenIsRefused() {
    for (var text : new String[] {"x", "17", "ä", "AAAA", ResumeToken.of(TIME) + "AAAA"}) {
      damaged(text);
    }
  }

  private static void damaged(String token) {
    assertThatThrownBy(() -> ResumeToken.read(token))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("resume_token");
  }
}
