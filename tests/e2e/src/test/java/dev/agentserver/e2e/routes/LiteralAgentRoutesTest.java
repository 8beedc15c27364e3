package dev.agentserver.e2e.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The agent routes of the sources, with and without /api.
@ExtendWith(SharedServer.class)
class LiteralAgentRoutesTest {
  private Http http;

  @BeforeEach
  void signIn(Server server) {
    http = User.member(server).http();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/agents", "/api/agents"})
  void anAgentIsMadeListedChangedAndDeleted(String agents) {
    var body = "{\"name\": \"guide\", \"config\": {\"model\": \"m-1\", \"settings\": {\"n\": 1}}}";
    var made = http.post(agents, body).expect(201).json();
    var one = agents + "/" + made.path("id").asText();
    assertThat(made.path("config").path("settings").path("n").asInt()).isEqualTo(1);
    assertThat(made.path("current_version").asInt()).isEqualTo(1);

    var list = http.get(agents).expect(200).json();
    assertThat(list.isArray()).isTrue();
    assertThat(Json.texts(list, "name")).contains("guide");

    var changed =
        http.patch(one, "{\"config\": {\"model\": \"m-2\"}, \"goal\": \"g\"}").expect(200).json();
    assertThat(changed.path("config").path("settings").path("n").asInt()).isEqualTo(1);
    assertThat(changed.path("current_version").asInt()).isEqualTo(2);
    assertThat(http.get(one).expect(200).json()).isEqualTo(changed);

    http.delete(one).expect(204);
    http.get(one).expect(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/agents", "/agents"})
  void aMalformedConfigIsRefusedByName(String agents) {
    var body = "{\"name\": \"x\", \"config\": {\"tools\": [{\"tool_id\": \"search\"}]}}";
    assertThat(http.post(agents, body).expect(400).body())
        .contains("agent.config.tools[0].tool_id");
  }
}
