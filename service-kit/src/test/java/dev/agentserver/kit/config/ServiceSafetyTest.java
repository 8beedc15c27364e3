package dev.agentserver.kit.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each thing that production does not start with.
class ServiceSafetyTest {
  private static final Map<String, String> SAFE =
      Map.of(
          "AGENTSERVER_PROFILE", "prod",
          "DB_URL", "jdbc:postgresql://db.example/agentserver?sslmode=verify-full",
          "DB_PASSWORD", "b0f1c2d3e4958677",
          "DB_OWNER_PASSWORD", "77a6958473f2e1d0",
          "DB_ADMIN_URL", "jdbc:postgresql://127.0.0.1/agentserver",
          "SERVICE_CREDENTIAL", "ag_service_x");

  private static Environment safe(String... namesAndValues) {
    var values = new HashMap<>(SAFE);
    for (var i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Environment.of(values);
  }

  private static void start(Environment environment) {
    Safety.require(
        environment,
        ServiceSafety::server,
        ServiceSafety::access,
        ServiceSafety.database("conversation"),
        ServiceSafety::administrator);
  }

  @Test
  void whatIsSafeStarts() {
    assertThatCode(() -> start(safe())).doesNotThrowAnyException();
  }

  @Test
  void developmentIsNotJudged() {
    assertThatCode(() -> start(Environment.of(Map.of()))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "LOG_LEVEL, DEBUG",
    "LOG_LEVEL, trace",
    "DEFAULT_DEADLINE, 0s",
    "DEFAULT_DEADLINE, 1d",
    "MAX_DEADLINE, 2h",
    "STREAM_HEARTBEAT, 5m",
    "STREAM_TOKEN_GRACE, 2h",
    "STREAM_STALL, 3h",
    "MAX_INBOUND_MESSAGE_BYTES, 268435456",
    "MAX_CONCURRENT_CALLS, 100000",
    "MAX_OPEN_STREAMS, 1000000",
    "SERVICE_CREDENTIAL, ''",
    "JWKS_TTL, 2h",
    "JWKS_OUTAGE, 7d",
    "JWKS_TIMEOUT, 5m",
    "DB_URL, ''",
    "DB_PASSWORD, ''",
    "DB_PASSWORD, agentserver",
    "DB_PASSWORD, aaaaaaaaaaaaaaaaaaaaaaaa",
    "DB_OWNER_PASSWORD, ''",
    "DB_OWNER_PASSWORD, b0f1c2d3e4958677",
    "DB_USER, conversation_owner",
    "DB_STATEMENT_TIMEOUT, 0s",
    "DB_STATEMENT_TIMEOUT, 1h",
    "DB_ACQUIRE_TIMEOUT, 0s",
    "DB_ADMIN_URL, jdbc:postgresql://db.example/agentserver"
  })
  void whatIsNotSafeIsRefusedByName(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start(safe(name, value)))
        .withMessageContaining("AGENTSERVER_PROFILE=prod")
        .withMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example/agentserver",
        "jdbc:postgresql://db.example/agentserver?sslmode=require",
        "jdbc:postgresql://127.0.0.1,db.example/agentserver",
        "jdbc:postgresql://localhost.example:5432/agentserver?sslmode=verify-ca",
        "jdbc:postgresql://db.example/x?sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory",
        "jdbc:postgresql://db.example/x?sslmode=verify-full&password=b0f1c2d3e4958677"
      })
  void aConnectionThatIsNotVerifiedOrShowsItsPasswordIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start(safe("DB_URL", url)))
        .withMessageContaining("DB_URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:5432/agentserver",
        "jdbc:postgresql://localhost/agentserver?socketFactory=unix"
      })
  void aConnectionThatStaysOnTheMachineNeedsNoCertificate(String url) {
    assertThatCode(() -> start(safe("DB_URL", url))).doesNotThrowAnyException();
  }

  @Test
  void everythingIsNamedAtOnceAndNoSecretIsShown() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                start(
                    safe(
                        "LOG_LEVEL", "DEBUG",
                        "MAX_DEADLINE", "forever",
                        "DB_PASSWORD", "short",
                        "SERVICE_CREDENTIAL", "",
                        "DB_URL", "jdbc:postgresql://db.example/agentserver")))
        .withMessageContainingAll("LOG_LEVEL", "MAX_DEADLINE", "DB_PASSWORD", "SERVICE_CREDENTIAL")
        .withMessageContaining("DB_URL")
        .satisfies(
            refusal ->
                org.assertj.core.api.Assertions.assertThat(refusal.getMessage())
                    .doesNotContain("short")
                    .hasLineCount(6));
  }
}
