package dev.agentserver.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.config.Environment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {
  private static GatewayConfig config(String... namesAndValues) {
    var values = new java.util.HashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return GatewayConfig.from(Environment.of(values));
  }

  @Test
  void theDefaultsRunOnALaptop() {
    var config = config();

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.adminPort()).isEqualTo(8081);
    assertThat(config.upstreams())
        .isEqualTo(
            Map.of(
                "agentserver.conversation.v1", "static:127.0.0.1:9101",
                "agentserver.settings.v1", "static:127.0.0.1:9102",
                "agentserver.file.v1", "static:127.0.0.1:9103",
                "agentserver.agentrun.v1", "static:127.0.0.1:9104",
                "flagd.evaluation", "static:127.0.0.1:9102"));
    assertThat(config.httpUpstreams())
        .isEqualTo(
            Map.of(
                "agentserver.settings.v1", "static:127.0.0.1:9112",
                "agentserver.file.v1", "static:127.0.0.1:9113"));
    assertThat(config.descriptorSet()).isEmpty();
    assertThat(config.origins().test("http://localhost:5173")).isTrue();
    assertThat(config.maxBodyBytes()).isEqualTo(8 * 1024 * 1024);
    assertThat(config.maxHeaderBytes()).isEqualTo(16 * 1024);
  }

  @Test
  void productionListensEverywhereAndTrustsNoLoopbackPage() {
    var config = config("AGENTSERVER_PROFILE", "prod", "SERVICE_CREDENTIAL", "ag_service_x");

    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.origins().test("http://localhost:5173")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVICE_CREDENTIAL, ''",
    "CORS_ORIGINS, *",
    "CORS_ORIGINS, 'https://app.example.com,http://app.example.com'",
    "CORS_ORIGINS, http://localhost:5173",
    "CORS_ORIGINS, https://*.example.com",
    "CORS_ORIGINS, null",
    "MAX_BODY_BYTES, 268435456",
    "DEFAULT_DEADLINE, 1d",
    "BODY_TIMEOUT, 1h",
    "IDLE_TIMEOUT, 0s",
    "ACCESS_TIMEOUT, 10m",
    "TOKEN_CACHE_SIZE, 10000000",
    "JWKS_TTL, 2h",
    "LOG_LEVEL, DEBUG"
  })
  void productionDoesNotStartWithWhatIsNotSafe(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                config(
                    "AGENTSERVER_PROFILE",
                    "prod",
                    "SERVICE_CREDENTIAL",
                    "ag_service_x",
                    name,
                    value))
        .withMessageContaining("AGENTSERVER_PROFILE=prod")
        .withMessageContaining(name);
  }

  @Test
  void upstreamsAreAListOfPackagesAndTargets() {
    var config =
        config(
            "UPSTREAMS", " a.v1=static:h:1,h:2 ;b.v1=dns:///b:9101; ", "DESCRIPTOR_SET", "/x.pb");

    assertThat(config.upstreams())
        .isEqualTo(Map.of("a.v1", "static:h:1,h:2", "b.v1", "dns:///b:9101"));
    assertThat(config.descriptorSet()).hasValue(Path.of("/x.pb"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.v1", "a.v1=", "=static:h:1", "a=x;a=y"})
  void upstreamsThatAreNoneAreRefusedByName(String upstreams) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("UPSTREAMS", upstreams))
        .withMessageContaining("UPSTREAMS");
  }

  @Test
  void aHeartbeatTakesTime() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("GATEWAY_HEARTBEAT", "0s"))
        .withMessageContaining("GATEWAY_HEARTBEAT");
  }
}
