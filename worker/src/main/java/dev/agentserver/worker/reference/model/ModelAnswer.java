package dev.agentserver.worker.reference.model;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.common.v1.ProviderUsage;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.worker.MessageWriter;
import dev.agentserver.worker.RunContext;
import dev.agentserver.worker.RunFailure;
import dev.agentserver.worker.Step;
import dev.agentserver.worker.StepResult;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has a model answer in a run's conversation: every turn of it and every call of a tool is a step,
/// what it says is streamed into a message, and what it used is kept as it was told.
public final class ModelAnswer {
  private static final int MOST_TURNS = 16;

  /// Whose protocol the endpoint speaks; whose model it is, the agent may say.
  private static final String PROTOCOL = "openai";

  /// Calls a tool as a step with this key.
  @FunctionalInterface
  public interface ToolUse {
    Value call(RunContext run, String key, String toolId, String name, Value arguments);
  }

  private final ModelClient client;
  private final ToolUse use;

  public ModelAnswer(ModelConfig config, ToolUse use) {
    this.client = new ModelClient(config);
    this.use = use;
  }

  /// Fails where the run has no conversation.
  public void run(RunContext run) {
    if (run.run().getConversationId().isEmpty()) {
      throw new RunFailure("NO_CONVERSATION", "the run answers in no conversation", false);
    }
    new Answer(run).write();
  }

  /// One answer. What an earlier attempt has said of a turn that it did not bring to its end cannot
  /// be gone on with: the model says something else now. Then the message is another one.
  private final class Answer {
    private final RunContext run;
    private final String model;
    private final ToolBox tools;
    private final Talk talk;
    private @Nullable MessageWriter message;
    private String said = "";
    private boolean betweenTurns;
    private int inputTokens;
    private int outputTokens;

    Answer(RunContext run) {
      this.run = run;
      var named = run.agent().map(agent -> agent.getConfig().getModel()).orElse("");
      this.model = named.isEmpty() ? client.anyModel() : named;
      this.tools = ToolBox.of(run);
      this.talk = new Talk(run, model, tools);
    }

    /// Begun with the first word: a model that says nothing leaves no empty message.
    private MessageWriter message() {
      if (message == null) {
        message = begin("answer");
        if (!message.before().isEmpty() && !message.before().equals(said)) {
          message.fail("the attempt before was broken off");
          message = begin("answer-" + run.leaseEpoch());
        }
        if (message.before().isEmpty()) {
          message.append(said);
        }
      }
      return message;
    }

    private MessageWriter begin(String key) {
      return run.message(key, BeginMessageRequest.newBuilder().setModel(model));
    }

    void write() {
      for (var n = 1; n <= MOST_TURNS; n++) {
        var key = "model-" + n;
        var turn = run.billed(Step.model(key, model), () -> ask(key)).getStructValue();
        talk.said(turn);
        said = joined(said, text(turn, "text"));
        count(turn);
        var calls = turn.getFieldsOrThrow("calls").getListValue().getValuesList();
        if (calls.isEmpty()) {
          end(turn);
          return;
        }
        for (var i = 0; i < calls.size(); i++) {
          call(n + "-" + (i + 1), calls.get(i).getStructValue());
        }
      }
      throw new RunFailure("TOO_MANY_TURNS", "the model does not come to an end", false);
    }

    private StepResult ask(String key) {
      betweenTurns = true;
      var turn = client.ask(talk.request(), this::say, run::stopped);
      if (turn.usage().isEmpty()) {
        return new StepResult(turn.value(), Optional.empty());
      }
      run.event(used(key, turn));
      return new StepResult(turn.value(), Optional.of(billed(turn)));
    }

    private void say(String text) {
      if (betweenTurns) {
        message().nextPart();
        betweenTurns = false;
      }
      message().append(text);
    }

    /// For those who follow the run.
    private NewRunEvent.Builder used(String key, Turn turn) {
      return NewRunEvent.newBuilder()
          .setCategory(RunEvent.Category.CATEGORY_USAGE)
          .setKind("model.usage")
          .setStepKey(key)
          .setContent(turn.usage())
          .setPayload(turn.value().getStructValue().getFieldsOrThrow("usage").getStructValue());
    }

    /// The text is what the model's endpoint sent: its numbers stay exact.
    private ProviderUsage billed(Turn turn) {
      var provider = run.agent().map(agent -> agent.getConfig().getProvider()).orElse("");
      return ProviderUsage.newBuilder()
          .setProvider(provider.isEmpty() ? PROTOCOL : provider)
          .setModel(model)
          .setRawUsage(turn.usage())
          .build();
    }

    private void call(String place, Struct call) {
      var name = text(call, "name");
      var id = tools.ids().get(name);
      var result =
          id == null
              ? Values.of(Structs.of("error", Values.of("there is no tool " + name)))
              : use.call(run, "tool-" + place, id, name, arguments(text(call, "arguments")));
      talk.answered(call.getFieldsOrThrow("id"), result);
    }

    /// Models write arguments that are no JSON, too.
    private static Value arguments(String text) {
      try {
        return Values.of(Json.object(text.isBlank() ? "{}" : text));
      } catch (IOException notJson) {
        return Values.of(text);
      }
    }

    private void count(Struct turn) {
      var usage = turn.getFieldsOrThrow("usage").getStructValue();
      inputTokens += number(usage, "prompt_tokens");
      outputTokens += number(usage, "completion_tokens");
    }

    private void end(Struct turn) {
      var ending = CompleteMessageRequest.newBuilder().setFinishReason(text(turn, "finish_reason"));
      if (inputTokens + outputTokens > 0) {
        ending.setInputTokens(inputTokens).setOutputTokens(outputTokens);
      }
      message().complete(ending);
      run.output(Values.of(Structs.of("text", Values.of(said))));
    }

    /// As the parts of a message are joined.
    private static String joined(String before, String more) {
      return before.isEmpty() || more.isEmpty() ? before + more : before + "\n\n" + more;
    }

    private static String text(Struct object, String name) {
      return object.getFieldsOrDefault(name, Values.ofNull()).getStringValue();
    }

    private static int number(Struct object, String name) {
      return (int) object.getFieldsOrDefault(name, Values.ofNull()).getNumberValue();
    }
  }
}
