package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user sees of `./run`, each time with the launcher in a process of its own.
class LauncherTest {
  private static final int BY_SIGTERM = 143;

  @TempDir Path temporary;

  @AfterEach
  void nothingIsLeftRunning() throws InterruptedException {
    processes().forEach(ProcessHandle::destroyForcibly);
    Await.until("no process of this test runs", () -> processes().isEmpty());
  }

  @Test
  void aFreshDirectoryIsFilledAndFoundAgainAfterAStop() throws Exception {
    try (var child = start("--tenants", "2")) {
      var url = child.awaitReady();
      assertThat(child.said()).contains("development key: ag_dev_").contains("/v1/conversations");
      for (var key : List.of("development-key", "development-key-2")) {
        var mode = Files.getPosixFilePermissions(data().resolve(key));
        assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
      }
      assertThat(endpoints())
          .containsOnlyKeys("gateway", "admin", "services", "flagd", "postgres", "objects");
      assertThat(endpoints()).containsEntry("gateway", url);
      try (var api = Api.of(url, data())) {
        api.create("kept over a stop");
      }
      assertThat(child.terminate()).isEqualTo(BY_SIGTERM);
      assertThat(child.said()).endsWith("stopped\n").doesNotContain("Exception");
      assertThat(data().resolve("endpoints.json")).doesNotExist();
      assertThat(processes()).isEmpty();
    }
    assertThat(titlesAfterAStart()).contains("kept over a stop");
  }

  @Test
  void afterAKillOfTheProcessItsPostgresIsStoppedAndEveryAcknowledgedWriteIsThere()
      throws Exception {
    try (var child = start()) {
      try (var api = Api.of(child.awaitReady(), data())) {
        api.create("kept over a kill");
      }
      child.kill();
      assertThat(processes()).as("PostgreSQL lost the process that watched it").isNotEmpty();
    }
    assertThat(titlesAfterAStart()).contains("kept over a kill");
  }

  @Test
  void whatStandsInTheWayIsSaidInOneSentence() throws Exception {
    try (var first = start()) {
      var port = first.awaitReady().replaceFirst(".*:", "");
      assertRefused(start(), "Another Agent Server (process ", "--data");
      try (var child = Child.start(output(), "--port", port, "--data", other().toString())) {
        assertRefused(child, "Port " + port + " is taken", "--port");
      }
      assertThat(first.terminate()).isEqualTo(BY_SIGTERM);
    }
    Files.delete(data().resolve("postgres/cluster/global/pg_control"));
    assertRefused(start(), "may be damaged", "postgres.log");
    Files.writeString(data().resolve("version"), "format=9\npostgresql=18\n");
    assertRefused(start(), "another version of Agent Server");
  }

  @Test
  void theExposedPortsAreAskedForFirst() throws Exception {
    try (var squatter = new ServerSocket()) {
      takeUnlessTaken(squatter, Settings.SETTINGS_PORT);
      assertRefused(start("--expose"), "is taken", "--expose");
    }
    assertThat(data()).doesNotExist();
  }

  @Test
  void aSignalDuringTheStartStopsWhatHasBeenStarted() throws Exception {
    try (var child = start()) {
      Await.until("PostgreSQL runs", () -> child.said().contains("starting settings-service"));
      assertThat(child.terminate()).isEqualTo(BY_SIGTERM);
      assertThat(child.said()).doesNotContain("does not start");
    }
    assertThat(processes()).isEmpty();
  }

  @Test
  void theProdProfileIsRefused() throws Exception {
    try (var child = Child.start(Map.of("AGENTSERVER_PROFILE", "prod"), output(), arguments())) {
      assertRefused(child, "is for development");
    }
  }

  @Test
  void wrongArgumentsAreExplained() throws Exception {
    for (var wrong :
        List.of("--port=70000", "--tenants=0", "--log=loud", "--colour=red", "--model-url=a b")) {
      try (var child = Child.start(output(), wrong)) {
        assertThat(child.exitStatus()).isEqualTo(2);
        assertThat(child.said()).contains("Usage: ./run").contains(wrong.split("=")[0]);
      }
    }
    try (var child = Child.start(output(), "--help")) {
      assertThat(child.exitStatus()).isZero();
      assertThat(child.said()).contains("--port", "--data", "--expose", "--tenants");
    }
  }

  private Child start(String... more) throws IOException {
    return Child.start(output(), arguments(more));
  }

  private String[] arguments(String... more) {
    var all = new ArrayList<>(List.of("--port", "0", "--data", data().toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String titlesAfterAStart() throws Exception {
    try (var child = start();
        var api = Api.of(child.awaitReady(), data())) {
      var titles = api.get("/v1/conversations");
      assertThat(child.terminate()).isEqualTo(BY_SIGTERM);
      return titles;
    }
  }

  private static void assertRefused(Child child, String... said) throws InterruptedException {
    try (child) {
      assertThat(child.exitStatus()).as(child.said()).isEqualTo(1);
      assertThat(child.said()).contains(said).doesNotContain("Exception", "\tat ");
    }
  }

  /// The processes that run a program from the data directory: PostgreSQL and its children.
  private List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(each -> each.info().command().orElse("").startsWith(temporary.toString()))
        .toList();
  }

  private Map<String, Object> endpoints() throws Exception {
    return JSONObjectUtils.parse(Files.readString(data().resolve("endpoints.json")));
  }

  /// Whoever has the port, it is taken.
  private static void takeUnlessTaken(ServerSocket socket, int port) throws IOException {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException taken) {
      assertThat(taken).hasMessageContaining("in use");
    }
  }

  private Path data() {
    return temporary.resolve("data");
  }

  private Path other() {
    return temporary.resolve("other");
  }

  private Path output() throws IOException {
    return Files.createTempFile(temporary, "said", ".txt");
  }
}
