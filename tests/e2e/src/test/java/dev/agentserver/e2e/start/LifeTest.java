package dev.agentserver.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Frozen;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.Server.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// One life: started, written to, told to stop in the middle of a call, started again.
@TestInstance(Lifecycle.PER_CLASS)
class LifeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration HEALTH = Duration.ofSeconds(5);

  private final int port = FreePort.find();
  private String key;
  private String conversation;
  private List<ProcessHandle> processes;
  private boolean endpointsWereSaid;
  private boolean endpointsAreLeft;
  private String answerInFlight;
  private boolean stillAnswering;
  private Exit exit;
  private Server second;

  @BeforeAll
  void live(@TempDir Path data) throws IOException {
    var first = Server.start(data, port);
    key = first.key(1);
    conversation = User.owner(first, 1).conversation("kept");
    User.owner(first, 1).message(conversation, "hi");
    processes = first.process().descendants().toList();
    endpointsWereSaid = data.resolve("endpoints.json").toFile().exists();
    stopInTheMiddleOfACall(first);
    endpointsAreLeft = data.resolve("endpoints.json").toFile().exists();
    stillAnswering = answers(first);
    second = Server.start(data, port);
  }

  private void stopInTheMiddleOfACall(Server server) throws IOException {
    try (var call = CallInFlight.begin(server)) {
      server.signal();
      Await.until("it stops", LIMIT, () -> server.output().lines().contains("stopping ..."));
      answerInFlight = call.finish();
    }
    exit = server.stop();
  }

  private static boolean answers(Server server) {
    try {
      return new Http(server.url()).get("/livez").status() > 0;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  @AfterAll
  void end() {
    second.close();
  }

  @Test
  void aSignalLetsTheCallInFlightEnd() {
    assertThat(answerInFlight).startsWith("HTTP/1.1 201");
  }

  @Test
  void aSignalEndsTheProcessAndEverythingThatItStarted() {
    assertThat(exit.code()).isIn(0, 143);
    assertThat(exit.output().lines()).endsWith("stopped");
    assertThat(processes).isNotEmpty();
    Await.until(
        "nothing is left", LIMIT, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(stillAnswering).isFalse();
  }

  @Test
  void theEndpointsAreWrittenDownWhileItRuns() {
    assertThat(endpointsWereSaid).isTrue();
    assertThat(endpointsAreLeft).isFalse();
  }

  @Test
  void theKeyStaysTheSame() {
    assertThat(second.key(1)).isEqualTo(key);
  }

  @Test
  void whatWasWrittenIsThereAfterwardsOnTheSamePort() {
    assertThat(second.url().getPort()).isEqualTo(port);
    var messages = User.owner(second, 1).http().get(User.messages(conversation)).expect(200);
    assertThat(Json.texts(messages.json().path("messages"), "content")).containsExactly("hi");
  }

  @Test
  void healthTellsThatPostgresIsGoneAndBack() {
    var http = new Http(second.url());
    var postgres = Frozen.of(second.postgres());
    try {
      Await.until("health says it", HEALTH, () -> http.get("/health").status() == 503);
    } finally {
      postgres.close();
    }
    Await.until("health says that it is back", LIMIT, () -> http.get("/health").status() == 200);
    User.owner(second, 1).http().get("/conversations").expect(200);
  }

  @Test
  void whatWasInFlightIsThereAfterwards() {
    var titles = Json.texts(User.owner(second, 1).http().get("/conversations").json(), "title");
    assertThat(titles).containsExactly("in flight", "kept");
  }
}
