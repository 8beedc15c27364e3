package dev.agentserver.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A whole session, each phase of it the work of a run that holds nothing but its own token,
/// followed live in both ways.
@ExtendWith(SharedServer.class)
class SessionBuildTest {
  private static final List<String> CHECKPOINTS = List.of("tables", "routes", "pages");

  private final Server server;
  private final String queue = "q" + UUID.randomUUID();

  private Http ann;
  private String agent;
  private String session;

  SessionBuildTest(Server server) {
    this.server = server;
  }

  @Test
  void fromSpecToDoneWhoeverFollowsAndWhoeverPollsSeesTheSame() throws Exception {
    ann = User.member(server).http();
    agent =
        ann.post("/v1/agents", "{\"name\": \"builder\"}").expect(201).json().path("id").asText();
    session =
        ann.post("/v1/sessions", "{\"type\": \"TYPE_FULL\", \"title\": \"Shop\"}")
            .expect(201)
            .json()
            .path("id")
            .asText();
    var seen = Following.during(ann, session, this::build);
    assertThat(seen.watched()).isEqualTo(seen.polled()).isEqualTo(seen.listed());
    assertThat(seen.numbers())
        .isEqualTo(IntStream.rangeClosed(1, seen.numbers().size()).boxed().toList());
    assertThat(seen.brief())
        .containsSubsequence(
            "session.start ACTIVE",
            "phase.entered PLAN",
            "phase.entered BUILD",
            "line tables",
            "line routes",
            "line pages",
            "phase.entered DOCS",
            "phase.entered DONE",
            "session.complete COMPLETE");
  }

  private void build() {
    post(ann, "/v1/sessions/" + session + ":start", "{}");
    var spec = run("TYPE_SPEC", Phase.PHASE_SPEC);
    put(spec, "spec", "# a shop");
    leave(spec, "PHASE_PLAN");
    var plan = run("TYPE_PLAN", Phase.PHASE_PLAN);
    put(plan, "plan", "# tables, then routes, then pages");
    for (var title : CHECKPOINTS) {
      plan.acting()
          .post("/v1/sessions/" + session + "/checkpoints", Json.object().put("title", title))
          .expect(201);
    }
    leave(plan, "PHASE_BUILD");
    var build = run("TYPE_BUILD", Phase.PHASE_BUILD);
    for (var number = 1; number <= CHECKPOINTS.size(); number++) {
      say(build, CHECKPOINTS.get(number - 1));
      if (number == 1) {
        build
            .acting()
            .post("/v1/sessions/" + session + ":advancePhase", "{\"phase\": \"PHASE_DOCS\"}")
            .expect(400);
      }
      post(
          build.acting(), "/v1/sessions/" + session + "/checkpoints/" + number + ":complete", "{}");
    }
    leave(build, "PHASE_DOCS");
    var docs = run("TYPE_DOCS", Phase.PHASE_DOCS);
    put(docs, "context/readme.md", "How to shop");
    leave(docs, "PHASE_DONE");
    assertThat(ann.get("/v1/sessions/" + session).expect(200).json().path("state").asText())
        .isEqualTo("STATE_COMPLETE");
  }

  /// A run in a worker's hands.
  ///
  /// @param acting with the run's own token
  private record Work(RunLease lease, Http worker, Http acting) {}

  private Work run(String type, Phase phase) {
    var body = Json.object().put("agent_id", agent).put("type", type).put("queue", queue);
    ann.post("/v1/sessions/" + session + "/runs", body).expect(201);
    var worker = User.owner(server, 1);
    var request =
        AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(queue + type).build();
    var lease = worker.grpc().call(WorkerServiceGrpc.getAcquireRunMethod(), request).getLease();
    assertThat(lease.getSession().getPhase()).isEqualTo(phase);
    var acting = User.bearing(server, lease.getToken().getToken());
    return new Work(lease, worker.http(), acting.http());
  }

  private void put(Work work, String key, String content) {
    var path = "/v1/sessions/" + session + "/artifacts/" + key;
    work.acting().json("PUT", path, Json.object().put("content", content).toString()).expect(200);
  }

  private void say(Work work, String content) {
    var body = Json.object().put("lease_epoch", Long.toString(work.lease().getLeaseEpoch()));
    body.withArray("events")
        .addObject()
        .put("id", UUID.randomUUID().toString())
        .put("category", "CATEGORY_LOG")
        .put("kind", "line")
        .put("content", content);
    post(work.worker(), "/v1/runs/" + work.lease().getRun().getId() + "/events", body.toString());
  }

  /// Ends the run, and then the phase.
  private void leave(Work work, String next) {
    var body = "{\"lease_epoch\": \"%d\"}".formatted(work.lease().getLeaseEpoch());
    post(work.worker(), "/v1/runs/" + work.lease().getRun().getId() + ":complete", body);
    post(ann, "/v1/sessions/" + session + ":advancePhase", "{\"phase\": \"" + next + "\"}");
  }

  private static void post(Http http, String path, String body) {
    http.post(path, body).expect(200);
  }
}
