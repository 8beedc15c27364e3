package dev.agentserver.e2e.start;

import static dev.agentserver.e2e.server.Deployment.Kind.AGENT_RUN;
import static dev.agentserver.e2e.server.Deployment.Kind.CONVERSATION;
import static dev.agentserver.e2e.server.Deployment.Kind.GATEWAY;
import static dev.agentserver.e2e.server.Deployment.Kind.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Deployment;
import dev.agentserver.e2e.server.Deployment.Kind;
import dev.agentserver.e2e.server.Part;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The parts of a production start in any order. Each is alive at once and says what it is able
/// to do; once all are there everything works, without anybody being started again.
///
/// The first order begins with schemas that are there and empty of tables but for those of
/// settings-service, whose `bootstrap` has migrated them.
@ExtendWith(SharedServer.class)
@TestInstance(Lifecycle.PER_CLASS)
class StartOrderTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /// Six of all with `-De2e.orders=6`.
  private static final int ORDERS = Integer.getInteger("e2e.orders", 2);

  private Deployment deployment;

  @BeforeAll
  void provision(Server server) {
    deployment = Deployment.in(Database.of(server).fresh("start_order"));
  }

  /// The one in which everything is missed, and the one in which nothing is, come first.
  static Stream<List<Kind>> orders() {
    return Stream.of(
            List.of(GATEWAY, AGENT_RUN, CONVERSATION, SETTINGS),
            List.of(SETTINGS, CONVERSATION, AGENT_RUN, GATEWAY),
            List.of(GATEWAY, SETTINGS, CONVERSATION, AGENT_RUN),
            List.of(AGENT_RUN, CONVERSATION, GATEWAY, SETTINGS),
            List.of(CONVERSATION, SETTINGS, GATEWAY, AGENT_RUN),
            List.of(SETTINGS, GATEWAY, AGENT_RUN, CONVERSATION))
        .limit(ORDERS);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void everyOrderEndsWithAllOfThemHealthy(List<Kind> order) {
    var running = new EnumMap<Kind, Part>(Kind.class);
    try {
      for (var kind : order) {
        running.put(kind, deployment.start(kind));
        requireAlive(running);
      }
      running.forEach(
          (kind, part) -> {
            Await.until(kind + " is ready", LIMIT, () -> part.admin("/readyz") == 200);
            assertThat(part.admin("/health")).as(kind.name()).isEqualTo(200);
          });
      requireWorking();
    } finally {
      running.values().forEach(Part::close);
    }
  }

  /// Each is alive. A service is ready as soon as its database is; the gateway, once everything
  /// behind it is.
  private void requireAlive(Map<Kind, Part> running) {
    running.forEach(
        (kind, part) -> {
          Await.until(kind + " is alive", LIMIT, () -> part.admin("/livez") == 200);
          if (kind != GATEWAY) {
            Await.until(kind + " is ready", LIMIT, () -> part.admin("/readyz") == 200);
          } else if (running.size() < Kind.values().length) {
            Await.until("the gateway answers", LIMIT, this::listens);
            assertThat(part.admin("/readyz")).isEqualTo(503);
            assertThat(owner().get("/v1/conversations").status()).isEqualTo(503);
          }
        });
  }

  /// A call through the gateway with a key: settings-service exchanges it, conversation-service
  /// answers.
  private void requireWorking() {
    var created = Json.object().put("title", "started");
    Await.until(
        "a call works",
        LIMIT,
        () -> {
          var status = owner().post("/v1/conversations", created).status();
          assertThat(status).isIn(201, 503);
          return status == 201;
        });
    owner().get("/v1/users/me").expect(200);
  }

  private boolean listens() {
    try {
      return owner().get("/livez").status() == 200;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  private Http owner() {
    return new Http(deployment.gateway()).bearer(deployment.ownerKey());
  }
}
