package dev.agentserver.settings.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatDefaultsTest {
  @Test
  void withoutVariablesTheyAreThoseOfTheSources() {
    assertThat(ChatDefaults.from(Environment.of(Map.of())))
        .isEqualTo(new ChatDefaults("", 0.7, 2_000, 32_000));
  }

  @Test
  void variablesChangeThem() {
    var variables =
        Map.of(
            "CHAT_DEFAULT_MODEL", "m",
            "CHAT_DEFAULT_TEMPERATURE", "0",
            "CHAT_DEFAULT_MAX_TOKENS", "10",
            "CHAT_MAX_TOKENS", "20");
    assertThat(ChatDefaults.from(Environment.of(variables)))
        .isEqualTo(new ChatDefaults("m", 0, 10, 20));
  }

  @Test
  void aLowLimitLowersTheDefault() {
    var defaults = ChatDefaults.from(Environment.of(Map.of("CHAT_MAX_TOKENS", "100")));
    assertThat(defaults.maxTokens()).isEqualTo(100);
  }

  @Test
  void whatIsNoTemperatureStopsTheStart() {
    for (var text : new String[] {"hot", "-1", "2.5", "NaN"}) {
      var environment = Environment.of(Map.of("CHAT_DEFAULT_TEMPERATURE", text));
      assertThatThrownBy(() -> ChatDefaults.from(environment))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("CHAT_DEFAULT_TEMPERATURE");
    }
  }
}
