package dev.agentserver.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.server.Agentctl;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `./agentctl` does by the services' own programs, where it cannot be done.
class AdminProcessTest {
  private static final Map<String, String> NOBODY_THERE =
      Map.of(
          "DB_ADMIN_URL",
          "jdbc:postgresql://127.0.0.1:1/agentserver",
          "DB_ADMIN_USER",
          "postgres",
          "DB_ADMIN_PASSWORD",
          "x",
          "BI_USER",
          "reports",
          "BI_PASSWORD",
          "x",
          "BI_TENANT_ID",
          "no-uuid");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify | DB_ADMIN_URL is not set and has no default",
        "provision | DB_ADMIN_URL is not set and has no default",
        "reader | DB_ADMIN_URL is not set and has no default",
        "bootstrap | neither SETTINGS_KEY nor SETTINGS_KEY_FILE is set"
      })
  void whatTheEnvironmentLacksIsSaidInALine(String command, String line) {
    assertRefused(command, Map.of(), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify | Connection to 127.0.0.1:1 refused",
        "provision | cannot provision schema settings: Connection to 127.0.0.1:1 refused",
        "reader | BI_TENANT_ID is \"no-uuid\", allowed is a UUID"
      })
  void whatDoesNotLetItBeDoneIsSaidInALine(String command, String beginning) {
    assertRefused(command, NOBODY_THERE, beginning);
  }

  private static void assertRefused(
      String command, Map<String, String> environment, String beginning) {
    var exit = Agentctl.alone(environment).start(command).awaitExit();
    assertThat(exit.code()).isEqualTo(3);
    // The JVM itself tells of options that it finds in the environment.
    var said = exit.output().text().lines().filter(line -> !line.startsWith("Picked up")).toList();
    assertThat(said).singleElement().asString().startsWith(beginning);
  }
}
