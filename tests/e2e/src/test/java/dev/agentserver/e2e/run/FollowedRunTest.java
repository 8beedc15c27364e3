package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.e2e.streams.ServerSentEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A run that is followed as server-sent events while its worker works.
@ExtendWith(SharedServer.class)
class FollowedRunTest {
  private final Server server;
  private final String queue = "q" + UUID.randomUUID();

  FollowedRunTest(Server server) {
    this.server = server;
  }

  @Test
  void whoComesBackAfterTheLastNumberMissesNothingAndGetsNothingTwice()
      throws IOException, InterruptedException {
    var ann = User.member(server);
    var agent = made(ann, "/v1/agents", "{\"name\": \"guide\"}");
    var run =
        made(ann, "/v1/runs", "{\"agent_id\": \"%s\", \"queue\": \"%s\"}".formatted(agent, queue));
    var lease = acquire();
    tell(lease, "one", "two");

    var seen = new ArrayList<JsonNode>();
    follow(ann, run, "0", seen, event -> event.path("content").asText().equals("two"));
    tell(lease, "three", "four");
    worker().http().post("/v1/runs/" + run + ":complete", ended(lease)).expect(200);
    var last = seen.getLast().path("seq").asText();
    follow(ann, run, last, seen, event -> event.path("kind").asText().equals("run.succeeded"));

    var listed = ann.http().get("/v1/runs/" + run + "/events").expect(200).json().path("events");
    assertThat(seen).containsExactlyElementsOf(Json.elements(listed));
    assertThat(seen.stream().map(event -> event.path("content").asText()))
        .containsSubsequence("one", "two", "three", "four");
  }

  private User worker() {
    return User.owner(server, 1);
  }

  private static String made(User user, String path, String body) {
    var made = user.http().post(path, body).expect(201).json();
    return (made.has("run") ? made.path("run") : made).path("id").asText();
  }

  private RunLease acquire() {
    var request = AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(queue).build();
    return worker().grpc().call(WorkerServiceGrpc.getAcquireRunMethod(), request).getLease();
  }

  private void tell(RunLease lease, String... contents) {
    var body = Json.object().put("lease_epoch", Long.toString(lease.getLeaseEpoch()));
    for (var content : contents) {
      body.withArray("events")
          .addObject()
          .put("id", UUID.randomUUID().toString())
          .put("category", "CATEGORY_LOG")
          .put("kind", "line")
          .put("content", content);
    }
    worker().http().post("/v1/runs/" + lease.getRun().getId() + "/events", body).expect(200);
  }

  private static String ended(RunLease lease) {
    return "{\"lease_epoch\": \"%d\"}".formatted(lease.getLeaseEpoch());
  }

  /// Adds what happens after a number until something has; frames about the stream are left out.
  private static void follow(
      User user, String run, String after, List<JsonNode> seen, Predicate<JsonNode> last)
      throws IOException, InterruptedException {
    var http = user.http().with("Accept", "text/event-stream").with("Last-Event-ID", after);
    try (var body = http.open("/v1/runs/" + run + ":watch").body()) {
      var events = new ServerSentEvents(body);
      for (var sent = events.next(); sent != null; sent = events.next()) {
        var event = Json.parse(sent.data());
        assertThat(sent.id()).isEqualTo(event.path("seq").asText());
        if (!event.path("kind").asText().isEmpty()) {
          seen.add(event);
          if (last.test(event)) {
            return;
          }
        }
      }
    }
    throw new AssertionError("the stream has ended after " + seen);
  }
}
