package dev.agentserver.e2e.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import java.time.Duration;
import java.util.List;

/// The runs of a user, asked for and looked at by REST.
record Runs(User user) {
  private static final Duration SOON = Duration.ofSeconds(40);

  /// A new agent.
  String agent(String config) {
    var body = "{\"name\": \"worked on\", \"config\": {%s}}".formatted(config);
    return user.http().post("/v1/agents", body).expect(201).json().path("id").asText();
  }

  /// A new run, from the fields of the request.
  String begin(String fields) {
    var reply = user.http().post("/v1/runs", "{" + fields + "}").expect(201).json();
    return reply.path("run").path("id").asText(reply.path("id").asText());
  }

  JsonNode get(String run) {
    return user.http().get("/v1/runs/" + run).expect(200).json();
  }

  /// The run once it is in this state.
  JsonNode await(String run, String state) {
    Await.until(
        "run " + run + " is " + state,
        SOON,
        () -> {
          var now = get(run);
          if (now.has("ended_at") && !now.path("state").asText().equals("STATE_" + state)) {
            throw new AssertionError("it has ended otherwise: " + now);
          }
          return now.path("state").asText().equals("STATE_" + state);
        });
    return get(run);
  }

  void act(String run, String verb) {
    user.http().post("/v1/runs/" + run + ":" + verb, "{}").expect(200);
  }

  List<JsonNode> steps(String run) {
    var page = user.http().get("/v1/runs/" + run + "/steps?page_size=50").expect(200).json();
    return Json.elements(page.path("steps"));
  }

  List<JsonNode> events(String run) {
    var page = user.http().get("/v1/runs/" + run + "/events?page_size=1000").expect(200).json();
    return Json.elements(page.path("events"));
  }

  /// Answers the newest interrupt of a run.
  void answer(String run, boolean approved) {
    var path = "/v1/runs/" + run + "/interrupts";
    var open = user.http().get(path).expect(200).json().path("interrupts").get(0);
    user.http()
        .post(
            path + "/" + open.path("id").asText() + ":resolve",
            "{\"approved\": %s, \"response\": \"so be it\"}".formatted(approved))
        .expect(200);
  }
}
