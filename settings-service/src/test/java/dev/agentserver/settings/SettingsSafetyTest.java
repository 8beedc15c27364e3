package dev.agentserver.settings;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.config.Environment;
import io.grpc.Status.Code;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What settings-service does not start with in production, and what it does not accept there.
class SettingsSafetyTest {
  private static final Map<String, String> SAFE =
      Map.of(
          "AGENTSERVER_PROFILE", "prod",
          "PORT", "0",
          "DB_URL", "jdbc:postgresql://127.0.0.1/agentserver",
          "DB_PASSWORD", "b0f1c2d3e4958677",
          "DB_OWNER_PASSWORD", "77a6958473f2e1d0",
          "SETTINGS_KEY", "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
          "KEY_PEPPER", "Jx8Zt0QmWc4pYv2LrB6nKd9sHf3uAe7g");

  private static Map<String, String> with(String name, String value) {
    var values = new HashMap<>(SAFE);
    values.put(name, value);
    return values;
  }

  @Test
  void whatIsSafeStartsAndMakesLiveKeys() {
    assertThat(Config.from(Environment.of(SAFE)).keyEnvironment()).isEqualTo("live");
  }

  @ParameterizedTest
  @CsvSource({
    "SETTINGS_KEY, ''",
    "SETTINGS_KEY, c2hvcnQ=",
    "SETTINGS_KEY, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "SETTINGS_KEY, !!!+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
    "SETTINGS_KEY, Jx8Zt0QmWc4pYv2LrB6nKd9sHf3uAe7g",
    "KEY_PEPPER, ''",
    "KEY_PEPPER, a pepper of these tests",
    "KEY_PEPPER, abababababababababababababababababababab",
    "KEY_PEPPER, 3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
    "SIGNING_KEY_LIFE, 3650d",
    "SIGNING_KEY_LIFE, 1h",
    "KEY_ENVIRONMENT, dev",
    "DB_PASSWORD, Jx8Zt0QmWc4pYv2LrB6nKd9sHf3uAe7g",
    "DB_PASSWORD, agentserver",
    "VAULT_ADDR, http://vault.example.com:8200",
    "LOG_LEVEL, DEBUG"
  })
  void whatIsNotSafeIsRefusedByName(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Config.from(Environment.of(with(name, value))))
        .withMessageContaining(name)
        .satisfies(
            refusal -> {
              if (name.contains("KEY_PEPPER") && !value.isEmpty()) {
                assertThat(refusal.getMessage()).doesNotContain(value);
              }
            });
  }

  @Test
  void everythingIsNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Config.from(Environment.of(Map.of("AGENTSERVER_PROFILE", "prod"))))
        .withMessageContainingAll(
            "DB_URL", "DB_PASSWORD", "DB_OWNER_PASSWORD", "SETTINGS_KEY", "KEY_PEPPER");
  }

  @Test
  void aKeyOfDevelopmentOpensNothing() {
    try (var service = new Live(SAFE)) {
      var tenant = service.tenant();
      assertThat(tenant.ownerKey()).startsWith("ag_dev_");
      assertProblem(
          Code.UNAUTHENTICATED, "UNAUTHENTICATED", () -> service.token(tenant.ownerKey()));
    }
    try (var service = new Live()) {
      assertThat(service.token(service.tenant().ownerKey())).isNotEmpty();
    }
  }
}
