package dev.agentserver.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.crash.History.Stored;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of the process, of PostgreSQL and of both, while clients write. Each death happens
/// `e2e.crashes` times: once, or more for the long form (`-De2e.crashes=50`).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
  private static final int CRASHES = Integer.getInteger("e2e.crashes", 1);
  private static final int CLIENTS = 16;
  private static final int CONVERSATIONS = 10;
  private static final int WRITES = 200;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path data;

  private final int port = FreePort.find();
  private Server server;
  private User user;
  private History history;
  private List<String> conversations;

  @BeforeAll
  void start() {
    server = Server.start(data, port);
    user = User.owner(server, 1);
  }

  @BeforeEach
  void begin() {
    history = new History();
    conversations = new ArrayList<>();
    for (var i = 0; i < CONVERSATIONS; i++) {
      conversations.add(user.conversation("conversation " + i));
    }
  }

  @AfterAll
  void end() {
    server.close();
  }

  @Test
  void nothingIsLostOrDoubledWhenTheProcessIsKilled() {
    crash("the process", this::killProcess);
  }

  @Test
  void nothingIsLostOrDoubledWhenPostgresIsKilled() {
    crash("PostgreSQL", () -> kill(server.postgres()));
  }

  @Test
  void nothingIsLostOrDoubledWhenBothAreKilled() {
    crash(
        "both",
        () -> {
          kill(server.postgres());
          killProcess();
        });
  }

  private void crash(String what, Runnable death) {
    try (var writers = Writers.start(user, history, conversations, CLIENTS)) {
      for (var i = 1; i <= CRASHES; i++) {
        awaitWrites();
        var start = System.nanoTime();
        death.run();
        awaitNewWrite();
        System.out.printf(
            "killed %s (%d of %d): writing again after %.1f s%n",
            what, i, CRASHES, (System.nanoTime() - start) / 1e9);
        assertThat(writers.unexpected()).isNull();
      }
      awaitWrites();
    }
    history.conversations().forEach(this::assertPromisesKept);
    System.out.printf("%d acknowledged writes are there, none twice%n", history.acknowledgements());
  }

  private void killProcess() {
    server.kill();
    server = Server.start(data, port);
  }

  private static void kill(ProcessHandle postgres) {
    postgres.destroyForcibly();
    Await.until("PostgreSQL is dead", LIMIT, () -> !postgres.isAlive());
  }

  private void awaitWrites() {
    var goal = history.acknowledgements() + WRITES;
    Await.until(WRITES + " writes", LIMIT, () -> history.acknowledgements() >= goal);
  }

  /// More than what may have been under way when the server died.
  private void awaitNewWrite() {
    var goal = history.acknowledgements() + CLIENTS + 1;
    Await.until("a write after the crash", LIMIT, () -> history.acknowledgements() >= goal);
  }

  private void assertPromisesKept(String conversation) {
    assertThat(history.violations(conversation, read(conversation))).isEmpty();
  }

  private List<Stored> read(String conversation) {
    var stored = new ArrayList<Stored>();
    for (var token = "first"; !token.isEmpty(); ) {
      var from = token.equals("first") ? "" : "&page_token=" + Http.encoded(token);
      var page =
          user.http().get(User.messages(conversation) + "?page_size=1000" + from).expect(200);
      for (var message : Json.elements(page.json().path("messages"))) {
        stored.add(
            new Stored(
                message.path("id").asText(),
                message.path("content").asText(),
                message.path("depth").asInt()));
      }
      token = page.json().path("next_page_token").asText();
    }
    return stored;
  }
}
