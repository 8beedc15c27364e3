package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.clients.NodeProject;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// `tus-js-client` from npm in Node, through the gateway, on a connection that is cut three times.
/// `-De2e.tus.mib=1024` makes it a gigabyte.
@ExtendWith(SharedServer.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TusClientTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int CUTS = 3;
  private static final long MEBIBYTES = Long.getLong("e2e.tus.mib", 24);

  @Test
  void theOfficialClientUploadsThroughThreeDisconnections(Server server) throws Exception {
    var project = NodeProject.copy(Path.of("tus"), Path.of("target", "tus"));
    project.npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    var large = Files.createTempFile(project.directory(), "large", ".bin");
    var ann = User.member(server);
    try (var proxy = CuttingProxy.before(server.url(), MEBIBYTES * MEBIBYTE / (CUTS + 1), CUTS)) {
      var sha256 = write(large);
      var result =
          project.run(
              Map.of("AGENTSERVER_TOKEN", ann.token()),
              "node",
              "upload.js",
              proxy.url() + "/v1/tus",
              large.getFileName().toString());
      assertThat(result.exitCode()).as(result.output()).isZero();
      assertThat(proxy.cuts()).isEqualTo(CUTS);
      var id = result.output().strip().replaceAll(".*/v1/tus/", "");
      var file = ann.http().get("/v1/files/" + id).expect(200).json();
      assertThat(file.path("state").asText()).isEqualTo("STATE_READY");
      assertThat(file.path("filename").asText()).isEqualTo("large.bin");
      assertThat(file.path("purpose").asText()).isEqualTo("document");
      assertThat(file.path("size").asLong()).isEqualTo(MEBIBYTES * MEBIBYTE);
      assertThat(file.path("sha256").asText()).isEqualTo(sha256);
      ann.http().delete("/v1/files/" + id).expect(204);
    } finally {
      Files.delete(large);
    }
  }

  /// Returns what it hashes to.
  private static String write(Path file) throws Exception {
    var random = new Random(4711);
    var sha256 = MessageDigest.getInstance("SHA-256");
    try (var out = Files.newOutputStream(file)) {
      var piece = new byte[MEBIBYTE];
      for (var n = 0; n < MEBIBYTES; n++) {
        random.nextBytes(piece);
        sha256.update(piece);
        out.write(piece);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
