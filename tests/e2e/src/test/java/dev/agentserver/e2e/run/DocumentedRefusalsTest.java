package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What cannot be run is refused for the reason that docs/errors.md names, by the field that is
/// wrong.
@ExtendWith(SharedServer.class)
class DocumentedRefusalsTest {
  private final User ann;

  DocumentedRefusalsTest(Server server) {
    ann = User.member(server);
  }

  @Test
  void anAgentThatIsNotThere() {
    var absent = UUID.randomUUID().toString();
    var refusal = ann.http().post("/v1/runs", Json.object().put("agent_id", absent)).failure(404);
    assertThat(refusal.reason()).isEqualTo("NOT_FOUND");
    assertThat(refusal.metadata()).containsEntry("resource", "agent").containsEntry("id", absent);
  }

  @Test
  void anAgentWhoseConfigurationIsMalformed() {
    var hot = agent();
    hot.withObject("config").put("temperature", 3);
    var refusal = ann.http().post("/v1/agents", hot).failure(400);
    assertThat(refusal.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(refusal.fields()).containsExactly("agent.config.temperature");

    var strange = agent();
    strange
        .withObject("config")
        .withArray("tools")
        .addObject()
        .put("tool_id", UUID.randomUUID().toString());
    refusal = ann.http().post("/v1/agents", strange).failure(400);
    assertThat(refusal.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(refusal.fields()).containsExactly("agent.config.tools[0].tool_id");
  }

  @Test
  void anAgentThatWantsMoreTokensThanThereMayBe() {
    var lengthy = agent();
    lengthy.withObject("config").put("max_tokens", 10_000_001);
    var refusal = ann.http().post("/v1/agents", lengthy).failure(400);
    assertThat(refusal.reason()).isEqualTo("TOKEN_LIMIT_EXCEEDED");
    assertThat(refusal.fields()).containsExactly("agent.config.max_tokens");
    assertThat(refusal.metadata()).containsEntry("limit", "10000000");
  }

  @Test
  void aMessageOfARunThatIsNotThereOrNotItsWriters() {
    var messages = User.messages(ann.conversation("a trip"));
    var elsewhere = "/v1/conversations/" + ann.conversation("another") + "/runs";
    var other = ann.http().post(elsewhere, "{\"self_execute\": true}").expect(201).json();
    for (var run : new String[] {UUID.randomUUID().toString(), id(other)}) {
      var refusal =
          ann.http().post(messages, User.draft("assistant", "hi").put("run_id", run)).failure(400);
      assertThat(refusal.reason()).isEqualTo("UNKNOWN_RUN");
      assertThat(refusal.fields()).containsExactly("run_id");
      assertThat(refusal.metadata()).containsEntry("id", run);
    }
  }

  private static String id(JsonNode created) {
    return created.path("run").path("id").asText();
  }

  private static ObjectNode agent() {
    return Json.object().put("name", "guide");
  }
}
