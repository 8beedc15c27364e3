package dev.agentserver.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.e2e.server.WorkerProcess;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Answers of a model, which is scripted, by the reference worker in a process of its own.
@ExtendWith(SharedServer.class)
class ModelTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String USAGE =
      "{\"prompt_tokens\":11,\"completion_tokens\":7,\"cost\":0.000123456789012345}";

  private final Server server;
  private final String queue = "q" + UUID.randomUUID();
  private final CountDownLatch over = new CountDownLatch(1);

  private User owner;
  private Runs runs;
  private String conversation;

  ModelTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void converse() {
    owner = User.owner(server, 1);
    runs = new Runs(owner);
    conversation = owner.conversation("the weather");
    owner.message(conversation, "How is the weather?");
  }

  @AfterEach
  void end() {
    over.countDown();
  }

  private WorkerProcess worker(ScriptedModel model) {
    var more = Map.of("MODEL_URL", model.url(), "MODEL_KEY", "sk-scripted");
    return WorkerProcess.start(server, "model", queue, more);
  }

  private String begin(String config) {
    var settings = "\"settings\": {\"queue\": \"%s\", \"behavior\": \"model\"}".formatted(queue);
    return runs.begin(
        "\"agent_id\": \"%s\", \"conversation_id\": \"%s\""
            .formatted(runs.agent(settings + config), conversation));
  }

  private List<JsonNode> messages() {
    var page = owner.http().get(User.messages(conversation)).expect(200).json();
    return Json.elements(page.path("messages"));
  }

  @Test
  void itAnswersWithToolsAndKeepsWhatWasUsedAsItWasTold() {
    var name = "w" + UUID.randomUUID();
    var tool =
        owner
            .http()
            .post("/v1/tools", "{\"name\": \"%s\", \"description\": \"looks\"}".formatted(name))
            .expect(201)
            .json()
            .path("id")
            .asText();
    ScriptedModel.Script script =
        (number, _, exchange) -> {
          assertThat(exchange.getRequestHeaders().getFirst("Authorization"))
              .isEqualTo("Bearer sk-scripted");
          var body = ScriptedModel.stream(exchange);
          if (number == 1) {
            ScriptedModel.text(body, "Let me ");
            ScriptedModel.text(body, "look.");
            ScriptedModel.delta(
                body,
                "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"%s\",\"arguments\":\"{\\\"at\\\"\"}}]"
                    .formatted(name));
            ScriptedModel.delta(
                body,
                "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":\\\"sea\\\"}\"}}]");
            ScriptedModel.end(body, "tool_calls", USAGE);
          } else {
            ScriptedModel.text(body, "Sunny \u2600.");
            ScriptedModel.end(body, "stop", USAGE);
          }
        };
    try (var model = new ScriptedModel(script);
        var _ = worker(model)) {
      var run =
          begin(
              ", \"instructions\": \"Be brief.\", \"max_tokens\": 64, \"tools\": [{\"tool_id\": \"%s\"}]"
                  .formatted(tool));
      var ended = runs.await(run, "SUCCEEDED");

      var answer = messages().get(1);
      assertThat(answer.path("id")).isEqualTo(ended.path("output_message_id"));
      assertThat(answer.path("content").asText()).isEqualTo("Let me look.\n\nSunny \u2600.");
      assertThat(answer.path("model").asText()).isEqualTo("m-1");
      assertThat(answer.path("input_tokens").asInt()).isEqualTo(22);
      assertThat(answer.path("output_tokens").asInt()).isEqualTo(14);
      assertThat(runs.steps(run))
          .extracting(step -> step.path("kind").asText())
          .containsExactly("KIND_MODEL", "KIND_TOOL", "KIND_MODEL");
      assertThat(runs.events(run))
          .filteredOn(event -> event.path("category").asText().equals("CATEGORY_USAGE"))
          .hasSize(2)
          .allMatch(event -> event.path("content").asText().contains(USAGE));
      assertAsked(model.requests(), name);
    }
  }

  private static void assertAsked(List<JsonNode> requests, String tool) {
    var first = requests.getFirst();
    assertThat(first.path("model").asText()).isEqualTo("m-1");
    assertThat(first.path("stream").asBoolean()).isTrue();
    assertThat(first.path("max_tokens").toString()).isEqualTo("64");
    assertThat(Json.texts(first.path("messages"), "content"))
        .containsExactly("Be brief.", "How is the weather?");
    assertThat(first.path("tools").get(0).path("function").path("name").asText()).isEqualTo(tool);
    var second = Json.elements(requests.getLast().path("messages"));
    assertThat(second).hasSize(4);
    assertThat(second.get(2).path("tool_calls").get(0).path("function").path("arguments").asText())
        .isEqualTo("{\"at\":\"sea\"}");
    assertThat(second.getLast().path("tool_call_id").asText()).isEqualTo("c1");
    assertThat(second.getLast().path("content").asText()).contains("sea");
  }

  @Test
  void whatWasBrokenOffIsSaidAnewInAnotherMessage() {
    ScriptedModel.Script script =
        (number, _, exchange) -> {
          if (number == 1) {
            ScriptedModel.say(exchange, 503, "come again");
            return;
          }
          var body = ScriptedModel.stream(exchange);
          ScriptedModel.text(body, "It is");
          if (number == 2) {
            awaitOver();
            return;
          }
          ScriptedModel.text(body, " sunny.");
          ScriptedModel.end(body, "stop", USAGE);
        };
    try (var model = new ScriptedModel(script);
        var _ = worker(model)) {
      var run = begin("");
      Await.until(
          "it says something",
          SOON,
          () -> messages().stream().anyMatch(m -> m.path("content").asText().equals("It is")));
      runs.act(run, "pause");
      runs.await(run, "PAUSED");
      runs.act(run, "resume");
      var ended = runs.await(run, "SUCCEEDED");

      assertThat(messages().getLast().path("content").asText()).isEqualTo("It is sunny.");
      assertThat(messages().getLast().path("id")).isEqualTo(ended.path("output_message_id"));
      assertThat(messages())
          .filteredOn(message -> message.path("state").asText().equals("STATE_STREAMING"))
          .isEmpty();
    }
  }

  private void awaitOver() {
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatTheModelRefusesFailsTheRun() {
    try (var model =
            new ScriptedModel(
                (_, _, exchange) -> ScriptedModel.say(exchange, 400, "no such thing"));
        var _ = worker(model)) {
      var ended = runs.await(begin(""), "FAILED");
      assertThat(ended.path("error_reason").asText()).isEqualTo("MODEL_REFUSED");
      assertThat(ended.path("error_message").asText()).contains("400", "no such thing");
    }
  }

  @Test
  void theRunCostsWhatItsModelUsedByThePriceBookToTheLastDigit() {
    var price =
        """
        {"provider": "openai", "model": "m-1", "rates": [{"unit": "input", "unit_price": "0.3"},
          {"unit": "cache_read", "unit_price": "0.075"}, {"unit": "output", "unit_price": "1.2"}]}""";
    owner.http().post("/v1/prices", price).expect(201);
    ScriptedModel.Script script =
        (_, _, exchange) -> {
          var body = ScriptedModel.stream(exchange);
          ScriptedModel.text(body, "Sunny.");
          ScriptedModel.end(
              body,
              "stop",
              "{\"prompt_tokens\":1003,\"prompt_tokens_details\":{\"cached_tokens\":101},\"completion_tokens\":77,\"total_tokens\":1080}");
        };
    try (var model = new ScriptedModel(script);
        var _ = worker(model)) {
      var run = begin("");
      runs.await(run, "SUCCEEDED");
      var cost = owner.http().get("/v1/usage:cost?run_id=" + run).expect(200).json().path("own");
      assertThat(new BigDecimal(cost.path("cost").asText()))
          .as("902 × 0.3, 101 × 0.075 and 77 × 1.2 dollars a million")
          .isEqualByComparingTo("0.000370575");
    }
  }
}
