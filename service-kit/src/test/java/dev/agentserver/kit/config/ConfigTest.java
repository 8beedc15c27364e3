package dev.agentserver.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  @Test
  void theDefaultsRunOnALaptop() {
    var server = ServerConfig.from(Environment.of(Map.of()), "conversation", 9101);
    assertThat(server.host()).isEqualTo("127.0.0.1");
    assertThat(server.port()).isEqualTo(9101);
    assertThat(server.maxInboundMessageBytes()).isEqualTo(8 * 1024 * 1024);
    assertThat(server.streamHeartbeat()).isEqualTo(Duration.ofSeconds(15));
    assertThat(server.streamTokenGrace()).isEqualTo(Duration.ofHours(1));
    var database = DatabaseConfig.from(Environment.of(Map.of()), "conversation");
    assertThat(database.poolSize()).isEqualTo(8);
    assertThat(database.acquireTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(AccessConfig.from(Environment.of(Map.of())).accessTarget())
        .isEqualTo("static:127.0.0.1:9102");
  }

  @Test
  void aStreamHasTimeBetweenItsHeartbeats() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ServerConfig.from(Environment.of(Map.of("STREAM_HEARTBEAT", "0s")), "x", 1))
        .withMessageContaining("STREAM_HEARTBEAT");
  }

  @Test
  void productionListensOnEveryInterface() {
    assertThat(ServerConfig.from(prod(Map.of()), "conversation", 9101).host()).isEqualTo("0.0.0.0");
  }

  @Test
  void productionHasNoDefaultPassword() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseConfig.from(prod(Map.of()), "conversation"))
        .withMessageContaining("DB_PASSWORD");
  }

  private static Environment prod(Map<String, String> values) {
    var all = new HashMap<>(values);
    all.put("AGENTSERVER_PROFILE", "prod");
    return Environment.of(all);
  }
}
