package dev.agentserver.e2e.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A worker answers in a conversation, and says with its answer what the model's provider told of
/// it: the message, the run and the conversation cost that, to the last digit.
@ExtendWith(SharedServer.class)
class MessageCostTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String RAW =
      "{\"prompt_tokens\": 1000, \"prompt_tokens_details\": {\"cached_tokens\": 400}, \"completion_tokens\": 50}";

  private final Server server;
  private final String queue = "q" + UUID.randomUUID();

  MessageCostTest(Server server) {
    this.server = server;
  }

  @Test
  void whatAnAnswerUsedIsTheCostOfMessageRunAndConversation() {
    var ann = User.member(server);
    var conversation = ann.conversation("a trip");
    var lease = lease(ann, conversation);
    var run = lease.getRun().getId();
    var worker = User.bearing(server, lease.getToken().getToken()).http();
    var estimate = total(post(ann.http(), "/v1/usage:estimate", usage()).path("cost"));
    assertThat(estimate).isPositive();

    var message = answer(worker, conversation, run);
    var ofMessage = "message_id=" + message;
    Await.until("the ledger has heard", SOON, () -> events(ann.http(), ofMessage) == 1);
    assertThat(cost(ann.http(), ofMessage)).isEqualByComparingTo(estimate);

    step(worker, lease);
    var record = usage().put("idempotency_key", UUID.randomUUID().toString()).put("run_id", run);
    post(worker, "/v1/usage", Json.object().set("record", record));
    assertThat(cost(ann.http(), "run_id=" + run + "&step_key=think"))
        .isEqualByComparingTo(estimate);
    assertThat(cost(ann.http(), ofMessage)).isEqualByComparingTo(estimate);
    var all = estimate.multiply(BigDecimal.valueOf(3));
    assertThat(cost(ann.http(), "run_id=" + run)).isEqualByComparingTo(all);
    assertThat(cost(ann.http(), "conversation_id=" + conversation)).isEqualByComparingTo(all);
    User.member(server).http().get("/v1/usage:cost?" + ofMessage).expect(404);

    correct(ann, conversation, run, estimate);
  }

  /// Nothing was used by one of the three: the owner says so, and everything follows at once.
  private void correct(User ann, String conversation, String run, BigDecimal estimate) {
    var owner = User.owner(server, 1).http();
    var record = usage().put("idempotency_key", UUID.randomUUID().toString()).put("run_id", run);
    var event = post(owner, "/v1/usage", Json.object().set("record", record)).path("id").asText();
    var nothing = Json.object().put("voided", true).put("reason", "it was never sent");
    ann.http().post("/v1/usage/" + event + ":correct", nothing).expect(403);
    var dry =
        post(owner, "/v1/usage/" + event + ":correct", nothing.deepCopy().put("dry_run", true));
    assertThat(new BigDecimal(dry.path("before").asText())).isEqualByComparingTo(estimate);
    assertThat(dry.path("after").asText()).isEqualTo("0");
    assertThat(cost(ann.http(), "run_id=" + run))
        .isEqualByComparingTo(estimate.multiply(BigDecimal.valueOf(4)));
    assertThat(post(owner, "/v1/usage/" + event + ":correct", nothing).path("event").path("total"))
        .hasToString("\"0\"");
    assertThat(cost(ann.http(), "conversation_id=" + conversation))
        .isEqualByComparingTo(estimate.multiply(BigDecimal.valueOf(3)));
    assertThat(owner.get("/v1/usage:verify").expect(200).json().path("discrepancies")).isEmpty();
  }

  private RunLease lease(User ann, String conversation) {
    var agent = post(ann.http(), "/v1/agents", Json.object().put("name", "guide"));
    post(
        ann.http(),
        "/v1/conversations/" + conversation + "/runs",
        Json.object().put("agent_id", agent.path("id").asText()).put("queue", queue));
    var request = AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(queue).build();
    return User.owner(server, 1)
        .grpc()
        .call(WorkerServiceGrpc.getAcquireRunMethod(), request)
        .getLease();
  }

  private String answer(Http worker, String conversation, String run) {
    var begun =
        post(worker, User.messages(conversation) + ":begin", Json.object().put("run_id", run));
    var message = begun.path("message").path("id").asText();
    var end = Json.object().put("writer_epoch", begun.path("writer_epoch").asText());
    end.set("usage", usage());
    assertThat(post(worker, "/v1/messages/" + message + ":complete", end).path("state").asText())
        .isEqualTo("STATE_COMPLETE");
    post(worker, "/v1/messages/" + message + ":complete", end);
    return message;
  }

  private static void step(Http worker, RunLease lease) {
    var step = Json.object().put("lease_epoch", lease.getLeaseEpoch()).put("step_key", "think");
    var steps = "/v1/runs/" + lease.getRun().getId() + "/steps";
    post(worker, steps + ":begin", step);
    step.set("usage", usage());
    post(worker, steps + ":complete", step);
    post(worker, steps + ":complete", step);
  }

  private static ObjectNode usage() {
    return Json.object().put("provider", "openai").put("model", "gpt-4.1").put("raw_usage", RAW);
  }

  private static JsonNode post(Http by, String path, JsonNode body) {
    var reply = by.post(path, body);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isBetween(200, 201);
    return reply.json();
  }

  private static BigDecimal total(JsonNode cost) {
    return new BigDecimal(cost.path("total").asText());
  }

  private static JsonNode own(Http by, String of) {
    return by.get("/v1/usage:cost?" + of).expect(200).json().path("own");
  }

  private static BigDecimal cost(Http by, String of) {
    return new BigDecimal(own(by, of).path("cost").asText());
  }

  private static int events(Http by, String of) {
    return own(by, of).path("events").asInt();
  }
}
