package dev.agentserver.e2e.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ErasureTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Server server;

  ErasureTest(Server server) {
    this.server = server;
  }

  @Test
  void aUserDeletedByRestIsGoneFromEveryServiceAndTheReportSaysSo() {
    var owner = User.owner(server, 1);
    var ann = User.member(server);
    var id = ann.http().get("/v1/users/me").expect(200).json().path("user").path("id").asText();
    var conversation = ann.conversation("a trip");
    ann.message(conversation, "to the sea");
    var session = "{\"title\": \"the sea\", \"conversation_id\": \"%s\"}".formatted(conversation);
    ann.http().post("/v1/sessions", session).expect(201);

    var begun = owner.http().delete("/v1/users/" + id).expect(202).json();
    var path = "/v1/erasures/" + begun.path("id").asText();
    Await.until(
        "the erasure is complete",
        SOON,
        () -> owner.http().get(path).expect(200).json().path("complete").asBoolean());

    var done = owner.http().get(path).expect(200).json();
    assertThat(done.path("user_id").asText()).isEqualTo(id);
    assertThat(removed(done, "conversation-service", "conversation")).isEqualTo(1);
    assertThat(removed(done, "conversation-service", "message")).isEqualTo(1);
    assertThat(removed(done, "agent-run-service", "session")).isEqualTo(1);
    assertThat(removed(done, "settings-service", "user_account")).isEqualTo(1);
    for (var report : done.path("reports")) {
      assertThat(report.path("rows_remaining").asLong()).isZero();
    }
    owner.http().get("/v1/users/" + id).expect(404);
    owner.http().get("/v1/conversations/" + conversation).expect(404);
    Await.until(
        "the token is refused", SOON, () -> ann.http().get("/v1/conversations").status() == 401);
    User.owner(server, 2).http().get(path).expect(404);
  }

  private static long removed(JsonNode erasure, String service, String table) {
    return StreamSupport.stream(erasure.path("reports").spliterator(), false)
        .filter(report -> report.path("service").asText().equals(service))
        .flatMap(report -> StreamSupport.stream(report.path("tables").spliterator(), false))
        .filter(found -> found.path("table").asText().equals(table))
        .mapToLong(found -> found.path("rows_removed").asLong())
        .sum();
  }
}
