package dev.agentserver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.GetJwksRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WiringTest {
  private static Config config(TestDatabase database, int port, Map<String, String> more) {
    var variables =
        new HashMap<>(
            Map.of(
                "PORT", Integer.toString(port),
                "ADMIN_PORT", "0",
                "SETTINGS_KEY", Live.SETTINGS_KEY,
                "KEY_PEPPER", Live.PEPPER,
                "DB_URL", database.config().url(),
                "DB_PASSWORD", database.config().runtimePassword().value(),
                "DB_OWNER_PASSWORD", database.config().ownerPassword().value()));
    variables.putAll(more);
    return Config.from(Environment.of(variables));
  }

  @Test
  void theServiceStartsServesAndStopsAndSignsWithTheSameKeyAgain() throws Exception {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      var kids = new HashSet<String>();
      for (var i = 0; i < 2; i++) {
        var service = Wiring.start(config(database, 0, Map.of()));
        var channel = Peers.channel("static:127.0.0.1:" + service.port());
        try {
          Await.until("it is healthy", () -> get(service.adminPort()).contains("\"SERVING\""));
          AccessServiceGrpc.newBlockingStub(channel)
              .getJwks(GetJwksRequest.getDefaultInstance())
              .getKeysList()
              .forEach(key -> kids.add(key.getKid()));
        } finally {
          channel.shutdownNow();
        }
        service.close();
        service.awaitClose();
      }
      assertThat(kids).hasSize(1);
    }
  }

  @Test
  void aTakenPortOrAForeignKeyStopsTheStartAndLeavesNothingOpen() {
    try (var database = TestDatabase.fresh(Config.SCHEMA);
        var first = Wiring.start(config(database, 0, Map.of()))) {
      assertThatThrownBy(() -> Wiring.start(config(database, first.port(), Map.of())))
          .isInstanceOf(UncheckedIOException.class);
      var foreign = Map.of("SETTINGS_KEY", "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=");
      assertThatThrownBy(() -> Wiring.start(config(database, 0, foreign)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SETTINGS_KEY");
    }
  }

  @Test
  void whatIsNotFitIsNamed() {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      for (var unfit :
          Map.of("SIGNING_KEY_LIFE", "1h", "KEY_ENVIRONMENT", "Prod!", "SETTINGS_KEY", "")
              .entrySet()) {
        assertThatThrownBy(() -> config(database, 0, Map.of(unfit.getKey(), unfit.getValue())))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(unfit.getKey());
      }
    }
  }

  private static String get(int port) {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"));
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException failure) {
      return failure.toString();
    }
  }
}
