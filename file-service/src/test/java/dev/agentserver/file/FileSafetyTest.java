package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.config.Environment;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What file-service does not start with in production.
class FileSafetyTest {
  private static final Map<String, String> SAFE =
      Map.of(
          "AGENTSERVER_PROFILE", "prod",
          "PORT", "0",
          "DB_URL", "jdbc:postgresql://127.0.0.1/agentserver",
          "DB_PASSWORD", "b0f1c2d3e4958677",
          "DB_OWNER_PASSWORD", "77a6958473f2e1d0",
          "SERVICE_CREDENTIAL", "ag_service_x",
          "FILE_S3_ENDPOINT", "https://store.example",
          "FILE_S3_SECRET_KEY", "Jx8Zt0QmWc4pYv2LrB6nKd9sHf3uAe7g");

  private static Environment with(String name, String value) {
    var values = new HashMap<>(SAFE);
    values.put(name, value);
    return Environment.of(values);
  }

  @Test
  void whatIsSafeStarts() {
    assertThat(Config.from(Environment.of(SAFE)).urlValidity()).hasMinutes(15);
    assertThat(Config.from(with("FILE_S3_ENDPOINT", "http://127.0.0.1:9000"))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "FILE_S3_ENDPOINT, http://store.example:9000",
    "FILE_S3_ENDPOINT, http://localhost.example",
    "FILE_S3_PUBLIC_ENDPOINT, http://store.example",
    "FILE_S3_SECRET_KEY, minioadmin",
    "FILE_S3_SECRET_KEY, ''",
    "FILE_URL_VALIDITY, 7d",
    "FILE_URL_VALIDITY, 0s"
  })
  void whatIsNotSafeIsRefusedByName(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Config.from(with(name, value)))
        .withMessageContaining("AGENTSERVER_PROFILE=prod")
        .withMessageContaining(name);
  }
}
