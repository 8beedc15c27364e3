package dev.agentserver.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The worker that `./run` starts, as applications meet it: by REST.
@ExtendWith(SharedServer.class)
class ReferenceWorkerTest {
  private static final String DATA = "data:";

  private final Server server;

  private User owner;
  private Runs runs;

  ReferenceWorkerTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() {
    owner = User.owner(server, 1);
    runs = new Runs(owner);
  }

  private static String agentNamed(User user, String name) {
    var agents = user.http().get("/v1/agents?page_size=200").expect(200).json().path("agents");
    return Json.elements(agents).stream()
        .filter(agent -> agent.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asText();
  }

  @Test
  void echoAnswersAMemberInAConversationAndIsFollowedLive() throws Exception {
    var ann = User.member(server);
    var conversation = ann.conversation("first steps");
    var text = "Where to? \uD83C\uDFD6 " + "and back again ".repeat(20);
    ann.message(conversation, text);
    var body = "{\"agent_id\": \"%s\"}".formatted(agentNamed(ann, "Echo"));
    ann.http().post("/v1/conversations/" + conversation + "/runs", body).expect(201);

    var heard = answer(ann, conversation);
    assertThat(heard).isEqualTo(text);
    var messages = ann.http().get(User.messages(conversation)).expect(200).json().path("messages");
    assertThat(messages.get(1).path("content").asText()).isEqualTo(text);
    assertThat(messages.get(1).path("role").asText()).isEqualTo("assistant");
  }

  /// The deltas of the conversation's answer, until it is complete.
  private static String answer(User user, String conversation)
      throws IOException, InterruptedException {
    var http = user.http().with("Accept", "text/event-stream");
    var heard = new StringBuilder();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                http.open("/v1/conversations/" + conversation + ":watch?after_seq=0").body(),
                StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var event = line.startsWith(DATA) ? Json.parse(line.substring(DATA.length())) : null;
        if (event != null && event.has("part_delta")) {
          heard.append(event.path("part_delta").path("text").asText());
        } else if (event != null && event.has("message_completed")) {
          return heard.toString();
        }
      }
    }
    throw new AssertionError("the stream ended after: " + heard);
  }

  private JsonNode run(String agent, String input, String state) {
    var run =
        runs.begin(
            "\"agent_id\": \"%s\", \"queue\": \"reference\", \"input\": %s"
                .formatted(agent, input));
    return runs.await(run, state);
  }

  @Test
  void withoutAConversationTheOutputIsTheAnswer() {
    var echo = agentNamed(owner, "Echo");
    assertThat(run(echo, "\"hi\"", "SUCCEEDED").path("output").path("text").asText())
        .isEqualTo("hi");
    assertThat(run(echo, "{\"text\": \"ho\"}", "SUCCEEDED").path("output").path("text").asText())
        .isEqualTo("ho");
  }

  @Test
  void itFailsWhenItIsAskedToAndEndsNoProcessThatIsNotItsOwn() {
    var echo = agentNamed(owner, "Echo");
    var failed = run(echo, "{\"behavior\": \"fail\", \"reason\": \"RAIN\"}", "FAILED");
    assertThat(failed.path("error_reason").asText()).isEqualTo("RAIN");
    var crashed = run(echo, "{\"behavior\": \"crash\"}", "FAILED");
    assertThat(crashed.path("error_reason").asText()).isEqualTo("NOT_ALONE");
    var modelless = run(echo, "{\"behavior\": \"model\"}", "FAILED");
    assertThat(modelless.path("error_reason").asText()).isEqualTo("NO_MODEL");
  }

  @Test
  void toolsAreCalledAskedForAndDenied() {
    var allowed = tool();
    var asked = tool();
    var denied = tool();
    var agent =
        runs.agent(
            """
            "tools": [{"tool_id": "%s"}, {"tool_id": "%s", "permission": "PERMISSION_ASK"},
              {"tool_id": "%s", "permission": "PERMISSION_DENY"}]"""
                .formatted(allowed, asked, denied));
    var waiting =
        run(
            agent,
            "{\"behavior\": \"tools\", \"arguments\": {\"place\": \"sea\"}}",
            "REQUIRES_ACTION");
    var id = waiting.path("id").asText();
    runs.answer(id, true);
    var results = runs.await(id, "SUCCEEDED").path("output").path("results");
    assertThat(results.get(0).path("echo").path("place").asText()).isEqualTo("sea");
    assertThat(results.get(1).path("echo").path("place").asText()).isEqualTo("sea");
    assertThat(results.get(2).path("error").asText()).isEqualTo("TOOL_DENIED");
    assertThat(runs.steps(id)).allMatch(step -> step.path("kind").asText().equals("KIND_TOOL"));
  }

  private String tool() {
    var body = "{\"name\": \"t%s\"}".formatted(UUID.randomUUID());
    return owner.http().post("/v1/tools", body).expect(201).json().path("id").asText();
  }

  @Test
  void itAsksForApprovalAndGoesOn() {
    var echo = agentNamed(owner, "Echo");
    var waiting = run(echo, "{\"behavior\": \"approval\"}", "REQUIRES_ACTION").path("id").asText();
    runs.answer(waiting, false);
    var ended = runs.await(waiting, "SUCCEEDED");
    assertThat(ended.path("output").path("text").asText()).isEqualTo("refused");
  }
}
