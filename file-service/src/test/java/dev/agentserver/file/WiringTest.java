package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.s3.S3ObjectStore;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringTest {
  @TempDir static Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void theServiceStartsWithoutItsStoreAndIsReadyWhenThatIsThere() {
    var port = FreePort.find();
    var endpoint = URI.create("http://127.0.0.1:" + port);
    try (var database = TestDatabase.fresh(Config.SCHEMA);
        var service = start(database, TestStore.config(endpoint, endpoint))) {
      var admin = "http://127.0.0.1:" + service.adminPort();
      assertThat(body(admin + "/readyz")).isEqualTo("not serving\n");
      assertThat(body(admin + "/health"))
          .contains("\"object-store\":\"DOWN\"", "\"object_store_fault\":\"ConnectException\"");
      var store =
          EmbeddedObjectStore.start(directory, port, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
      try {
        Await.until("it is ready", () -> body(admin + "/readyz").equals("ok\n"));
        assertThat(body(admin + "/health")).doesNotContain("object_store_fault");
      } finally {
        store.close();
      }
      Await.until(
          "health says it", () -> body(admin + "/health").contains("\"object_store_fault\""));
      assertThat(body(admin + "/readyz")).isEqualTo("ok\n");
    }
  }

  private static Wiring start(TestDatabase database, S3Config store) {
    var roles = database.config();
    var environment =
        Environment.of(
            Map.of(
                "PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "DRAIN_TIMEOUT",
                "0s",
                "DB_URL",
                roles.url(),
                "DB_USER",
                roles.runtimeUser(),
                "DB_PASSWORD",
                roles.runtimePassword().value(),
                "DB_OWNER_USER",
                roles.ownerUser(),
                "DB_OWNER_PASSWORD",
                roles.ownerPassword().value()));
    return Wiring.start(Config.from(environment), new S3ObjectStore(store, Clock.systemUTC()));
  }

  private String body(String url) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).build();
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
