package dev.agentserver.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A whole session by the worker that `./run` starts, followed live in both ways.
@ExtendWith(SharedServer.class)
class ReferenceSessionTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final Server server;

  private Http ann;
  private String session;

  ReferenceSessionTest(Server server) {
    this.server = server;
  }

  @Test
  void theReferenceWorkerGoesFromSpecToDoneAndWhoeverFollowsSeesTheSame() throws Exception {
    ann = User.member(server).http();
    var agent =
        made(
            "/v1/agents",
            """
            {"name": "builder", "config": {"settings": {"queue": "reference", "behavior": "session"}}}""");
    session = made("/v1/sessions", "{\"type\": \"TYPE_FULL\", \"title\": \"Shop\"}");
    var seen =
        Following.during(
            ann,
            session,
            () -> {
              ann.post(path() + ":start", "{}").expect(200);
              made(path() + "/runs", "{\"agent_id\": \"%s\"}".formatted(agent));
            });

    assertThat(seen.watched()).isEqualTo(seen.polled()).isEqualTo(seen.listed());
    assertThat(seen.numbers())
        .isEqualTo(IntStream.rangeClosed(1, seen.numbers().size()).boxed().toList());
    assertThat(seen.brief())
        .containsSubsequence(
            "session.start ACTIVE",
            "run.running ",
            "phase.entered PLAN",
            "phase.entered BUILD",
            "phase.entered DOCS",
            "phase.entered DONE",
            "session.complete COMPLETE");
    assertThat(seen.listed().stream().filter(event -> kind(event).equals("step.succeeded")))
        .extracting(event -> event.path("step_key").asText())
        .containsExactly("spec", "plan", "build-1", "build-2", "build-3", "docs");
    assertEnded();
  }

  private void assertEnded() {
    Await.until(
        "the run has ended",
        SOON,
        () -> get(path() + "/runs").path("runs").get(0).path("state").asText().endsWith("CEEDED"));
    var ended = get(path());
    assertThat(ended.path("state").asText()).isEqualTo("STATE_COMPLETE");
    assertThat(ended.path("phase").asText()).isEqualTo("PHASE_DONE");
    var state = get(path() + "/state");
    assertThat(state.path("phase").asText()).isEqualTo("done");
    assertThat(Json.texts(state.path("checkpoints"), "title"))
        .containsExactly("Piece 1", "Piece 2", "Piece 3");
    assertThat(state.path("checkpoints"))
        .allMatch(checkpoint -> checkpoint.hasNonNull("completed_at"));
    assertThat(Json.texts(state.path("artifacts"), "key"))
        .containsExactlyInAnyOrder(
            "spec",
            "plan",
            "context/piece-1.md",
            "context/piece-2.md",
            "context/piece-3.md",
            "context/docs.md");
    assertThat(get(path() + "/artifacts/spec").path("content").asText())
        .isEqualTo("# What is wanted\n");
  }

  private String path() {
    return "/v1/sessions/" + session;
  }

  private JsonNode get(String path) {
    return ann.get(path).expect(200).json();
  }

  private String made(String path, String body) {
    return ann.post(path, body).expect(201).json().path("id").asText();
  }

  private static String kind(JsonNode event) {
    return event.path("kind").asText();
  }
}
