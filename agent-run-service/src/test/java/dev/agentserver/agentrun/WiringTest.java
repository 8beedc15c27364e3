package dev.agentserver.agentrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.config.AccessConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.test.TestDatabase;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WiringTest {
  @Test
  void theServiceStartsServesAndStops() throws Exception {
    try (var database = TestDatabase.fresh(Config.SCHEMA)) {
      var service = Wiring.start(config(database, ServerConfig.local(Config.NAME)));
      assertThat(get(service.adminPort(), "/health")).contains("database");
      assertThat(get(service.adminPort(), "/metrics")).contains("# TYPE");
      var channel =
          Grpc.newChannelBuilder("127.0.0.1:" + service.port(), InsecureChannelCredentials.create())
              .build();
      try {
        var health = HealthGrpc.newBlockingStub(channel).withWaitForReady();
        var request =
            HealthCheckRequest.newBuilder()
                .setService("agentserver.common.v1.AdminService")
                .build();
        var states = health.withDeadlineAfter(Duration.ofSeconds(30)).watch(request);
        // Ends with an exception at the deadline.
        while (states.next().getStatus() != ServingStatus.SERVING) {}
      } finally {
        channel.shutdownNow();
      }
      service.close();
      service.awaitClose();
    }
  }

  @Test
  void aTakenPortStopsTheStartAndLeavesNothingOpen() {
    try (var database = TestDatabase.fresh(Config.SCHEMA);
        var first = Wiring.start(config(database, ServerConfig.local(Config.NAME)))) {
      var taken =
          ServerConfig.from(
              Environment.of(Map.of("PORT", Integer.toString(first.port()), "ADMIN_PORT", "0")),
              Config.NAME,
              0);
      assertThatThrownBy(() -> Wiring.start(config(database, taken)))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void theConfigurationComesFromTheEnvironment() {
    var config = Config.from(Environment.of(Map.of("PAGE_SIZE", "7", "PORT", "0")));
    assertThat(config.live().page().get()).isEqualTo(7);
    assertThat(config.database().schema()).isEqualTo("agent_run");
    assertThatThrownBy(() -> Config.from(Environment.of(Map.of("PAGE_SIZE", "soon"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PAGE_SIZE");
  }

  private static Config config(TestDatabase database, ServerConfig server) {
    return new Config(
        server,
        database.config(),
        AccessConfig.from(Environment.of(Map.of())),
        EventLogLimits.defaults(),
        LiveSettings.from(Environment.of(Map.of())),
        "static:127.0.0.1:1",
        "",
        List.of());
  }

  private static String get(int port, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }
}
