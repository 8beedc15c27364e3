package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
  private final ApiKey key = ApiKey.generate("dev", new SecureRandom());

  @Test
  void aKeyIsReadBackFromItsText() {
    assertThat(key.format()).startsWith("ag_dev_").hasSize(7 + 16 + 1 + 40 + 1 + 6);
    assertThat(ApiKey.parse(key.format())).contains(key);
  }

  @Test
  void aMistypedCharacterAnywhereIsNoticed() {
    var text = key.format();
    for (var position = 0; position < text.length(); position++) {
      var mistyped = new StringBuilder(text);
      mistyped.setCharAt(position, text.charAt(position) == 'x' ? 'y' : 'x');
      assertThat(ApiKey.parse(mistyped.toString())).isEmpty();
    }
    assertThat(ApiKey.parse(text.substring(0, text.length() - 1))).isEmpty();
    assertThat(ApiKey.parse(text + "0")).isEmpty();
    assertThat(ApiKey.parse("")).isEmpty();
  }

  @Test
  void aKeyDoesNotPrintItsSecret() {
    assertThat(key.toString()).contains(key.id()).doesNotContain(key.secret());
  }
}
