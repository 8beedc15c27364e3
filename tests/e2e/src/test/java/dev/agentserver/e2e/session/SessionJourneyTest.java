package dev.agentserver.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Projects and sessions by the routes that the sources name, with and without /api.
@ExtendWith(SharedServer.class)
class SessionJourneyTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Server server;

  SessionJourneyTest(Server server) {
    this.server = server;
  }

  @Test
  void aSessionGoesFromSpecToDoneByTheLiteralRoutes() {
    var ann = User.member(server).http();
    for (var prefix : new String[] {"", "/api", "/v1"}) {
      var literal = !prefix.equals("/v1");
      var project =
          ann.post(prefix + "/projects", "{\"name\": \"Sea %s\"}".formatted(prefix))
              .expect(201)
              .json();
      var projects = prefix + "/projects/" + project.path("id").asText();
      ann.post(
              projects + (literal ? "/onboard" : ":onboard"), "{\"steps\": [{\"name\": \"look\"}]}")
          .expect(200);
      var active =
          ann.post(projects + "/onboarding-steps/1" + (literal ? "/complete" : ":complete"), "{}")
              .expect(200)
              .json();
      assertThat(active.path("state").asText()).isEqualTo("STATE_ACTIVE");
      var session =
          ann.post(
                  prefix + "/sessions",
                  "{\"title\": \"Trip\", \"project_id\": \"%s\"}"
                      .formatted(project.path("id").asText()))
              .expect(201)
              .json();
      var path = prefix + "/sessions/" + session.path("slug").asText();
      ann.post(path + (literal ? "/start" : ":start"), "{}").expect(200);
      ann.json("PUT", path + "/artifacts/spec", "{\"content\": \"# sea\"}").expect(200);
      var spec = ann.get(literal ? path + "/spec" : path + "/artifacts/spec").expect(200).json();
      assertThat(spec.path("content").asText()).isEqualTo("# sea");
      var advance = path + (literal ? "/advance-phase" : ":advancePhase");
      ann.post(advance, "{\"phase\": \"PHASE_PLAN\"}").expect(200);
      ann.post(advance, "{\"phase\": \"PHASE_BUILD\"}").expect(400);
      ann.json("PUT", path + "/artifacts/context/notes/a.md", "{\"content\": \"a\"}").expect(200);
      assertThat(
              ann.get(path + "/artifacts/context/notes/a.md")
                  .expect(200)
                  .json()
                  .path("content")
                  .asText())
          .isEqualTo("a");
      var state = ann.get(path + "/state").expect(200).json();
      assertThat(state.path("version").asInt()).isEqualTo(2);
      assertThat(state.path("phase").asText()).isEqualTo("plan");
      var list = ann.get(prefix + "/sessions").expect(200).json();
      assertThat((literal ? list : list.path("sessions")).isArray()).isTrue();
      ann.delete(path).expect(204);
      ann.get(path).expect(404);
      ann.delete(projects).expect(204);
    }
    for (var path : new String[] {"/browse", "/api/browse", "/api/validate-path?path=/etc"}) {
      ann.get(path).expect(403);
      User.owner(server, 1).http().get(path).expect(400);
    }
  }

  @Test
  void aConversationThatIsDeletedIsForgottenBySessions() {
    var ann = User.member(server);
    var conversation = ann.conversation("a trip");
    var body = "{\"conversation_id\": \"%s\"}";
    var session = ann.http().post("/v1/sessions", body.formatted(conversation)).expect(201).json();
    var path = "/v1/sessions/" + session.path("id").asText();
    User.member(server).http().post("/v1/sessions", body.formatted(conversation)).expect(404);
    ann.http().delete("/v1/conversations/" + conversation).expect(204);
    Await.until(
        "the session has lost its conversation",
        SOON,
        () -> ann.http().get(path).expect(200).json().path("conversation_id").asText().isEmpty());
    ann.http().post("/v1/sessions", body.formatted(conversation)).expect(404);
  }
}
