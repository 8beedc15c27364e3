package dev.agentserver.worker.reference.model;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentVersion;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.worker.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a model is told: the instructions of its agent, what was said in the conversation, and what
/// it said and got from tools since.
final class Talk {
  private static final int MOST_MESSAGES = 50;
  private static final int MOST_CHARACTERS = 200_000;
  private static final Map<Message.Role, String> ROLES =
      Map.of(
          Message.Role.user, "user",
          Message.Role.assistant, "assistant",
          Message.Role.system, "system");

  private final AgentConfig agent;
  private final String model;
  private final ToolBox tools;
  private final List<Value> messages = new ArrayList<>();

  Talk(RunContext run, String model, ToolBox tools) {
    this.agent = run.agent().map(AgentVersion::getConfig).orElse(AgentConfig.getDefaultInstance());
    this.model = model;
    this.tools = tools;
    var said = said(run);
    if (!agent.getInstructions().isEmpty()) {
      messages.add(message("system", agent.getInstructions()));
    }
    messages.addAll(said);
  }

  /// The newest messages, the oldest first, as many as fit, without what this run has said.
  private static List<Value> said(RunContext run) {
    var request =
        ListMessagesRequest.newBuilder()
            .setConversationId(run.run().getConversationId())
            .setPageSize(MOST_MESSAGES)
            .setOrder(ListMessagesRequest.Order.ORDER_NEWEST_FIRST)
            .build();
    var said = new ArrayList<Value>();
    var left = MOST_CHARACTERS;
    for (var message :
        run.call(MessageServiceGrpc.getListMessagesMethod(), request).getMessagesList()) {
      left -= message.getContent().length();
      if (left < 0) {
        break;
      }
      if (ROLES.containsKey(message.getRole())
          && !message.getContent().isEmpty()
          && !message.getRunId().equals(run.run().getId())) {
        said.addFirst(message(ROLES.get(message.getRole()), message.getContent()));
      }
    }
    return said;
  }

  private static Value message(String role, String content) {
    return Values.of(Structs.of("role", Values.of(role), "content", Values.of(content)));
  }

  /// The model said this.
  void said(Struct turn) {
    var message =
        Structs.of("role", Values.of("assistant"), "content", turn.getFieldsOrThrow("text"))
            .toBuilder();
    var calls = ListValue.newBuilder();
    for (var call : turn.getFieldsOrThrow("calls").getListValue().getValuesList()) {
      var fields = call.getStructValue();
      var function =
          Structs.of(
              "name", fields.getFieldsOrThrow("name"),
              "arguments", fields.getFieldsOrThrow("arguments"));
      calls.addValues(
          Values.of(
              Structs.of(
                  "id", fields.getFieldsOrThrow("id"),
                  "type", Values.of("function"),
                  "function", Values.of(function))));
    }
    if (calls.getValuesCount() > 0) {
      message.putFields("tool_calls", Values.of(calls.build()));
    }
    messages.add(Values.of(message.build()));
  }

  /// A tool answered this.
  void answered(Value callId, Value result) {
    messages.add(
        Values.of(
            Structs.of(
                "role", Values.of("tool"),
                "tool_call_id", callId,
                "content", Values.of(Json.text(result)))));
  }

  /// The request for the model's next turn.
  String request() {
    var request =
        Structs.of(
                "model", Values.of(model),
                "stream", Values.of(true),
                "stream_options", Values.of(Structs.of("include_usage", Values.of(true))))
            .toBuilder()
            .putFields(
                "messages", Values.of(ListValue.newBuilder().addAllValues(messages).build()));
    tools.addTo(request);
    if (agent.hasTemperature()) {
      request.putFields("temperature", Values.of(agent.getTemperature()));
    }
    var json = Json.text(request.build());
    // A whole number must not look like 256.0: many endpoints refuse it.
    return agent.hasMaxTokens()
        ? json.substring(0, json.length() - 1) + ",\"max_tokens\":" + agent.getMaxTokens() + "}"
        : json;
  }
}
