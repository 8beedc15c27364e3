package dev.agentserver.commandline.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class OldIdsTest {
  @Test
  void aUuidStaysWhatItIs() {
    var id = UUID.randomUUID();
    assertThat(OldIds.kept("prisma", id.toString())).isEqualTo(id);
  }

  /// These must never change: whoever imported before would import everything again.
  @Test
  void anyOtherIdIsHashedWithItsSource() {
    var id = OldIds.kept("prisma", "clh1x2y3z0000abcd");
    assertThat(id).hasToString("83d88a4e-9f86-59f5-8070-1df6a767d6ea");
    assertThat(id.version()).isEqualTo(5);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(OldIds.kept("chatgpt", "clh1x2y3z0000abcd")).isNotEqualTo(id);
    assertThat(OldIds.hashed("a", "bc")).isNotEqualTo(OldIds.hashed("ab", "c"));
  }
}
