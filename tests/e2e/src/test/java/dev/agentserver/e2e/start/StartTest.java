package dev.agentserver.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What is there once it says that it is ready, and starts that cannot succeed.
@ExtendWith(SharedServer.class)
class StartTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Server server;

  StartTest(Server server) {
    this.server = server;
  }

  @Test
  void theKeyIsPrintedAndKeptInAFileThatOnlyItsOwnerMayRead() throws IOException {
    var file = server.data().resolve("development-key");
    assertThat(server.key(1)).startsWith("ag_dev_");
    assertThat(server.key(2)).startsWith("ag_dev_").isNotEqualTo(server.key(1));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Await.until("the key", LIMIT, () -> server.output().text().contains(server.key(1)));
  }

  @Test
  void theKeyWorksInEitherHeader() {
    var http = new Http(server.url());
    http.bearer(server.key(1)).get("/conversations").expect(200);
    http.with("X-API-Key", server.key(1)).get("/conversations").expect(200);
  }

  @Test
  void itSaysThatItIsHealthy() {
    var http = new Http(server.url());
    assertThat(http.get("/health").expect(200).json().isObject()).isTrue();
    http.get("/livez").expect(200);
    http.get("/readyz").expect(200);
  }

  @Test
  void aSecondServerOnTheSameDataIsRefusedAndTheFirstIsUnharmed() {
    var second = Server.refusal(server.data(), 0);
    assertThat(second.code()).isNotZero();
    assertThat(second.output().text()).contains(server.data().toString()).doesNotContain("\tat ");
    User.member(server).conversation("still here");
  }

  @Test
  void aPortThatIsTakenIsSaid(@TempDir Path data) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var exit = Server.refusal(data, taken.getLocalPort());
      assertThat(exit.code()).isNotZero();
      assertThat(exit.output().text())
          .contains(Integer.toString(taken.getLocalPort()))
          .doesNotContain("\tat ");
    }
  }
}
