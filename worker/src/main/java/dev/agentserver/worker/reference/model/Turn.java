package dev.agentserver.worker.reference.model;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a model said in one go, put together from the chunks of its stream. Of a chunk whatever may
/// be missing is missing somewhere.
final class Turn {
  private static final int LONGEST = 4 << 20;
  private static final int LONGEST_USAGE = 16 << 10;
  private static final int MOST_CALLS = 64;

  /// A tool that the model wants called.
  private static final class Call {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    Value value() {
      return Values.of(
          Structs.of(
              "id", Values.of(id),
              "name", Values.of(name),
              "arguments", Values.of(arguments.toString())));
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private String model = "";
  private String finishReason = "";
  private String usage = "";

  /// Takes a chunk in, and returns what it adds to the text.
  String add(String json) throws IOException {
    var chunk = Json.object(json);
    if (chunk.containsFields("error")) {
      throw new IOException("the model failed: " + json.substring(0, Math.min(500, json.length())));
    }
    model = string(chunk, "model", model);
    var used = chunk.getFieldsOrDefault("usage", Values.ofNull());
    if (used.hasStructValue()) {
      // One that is long has the answer in it, which is no usage.
      usage = json.length() < LONGEST_USAGE ? json : Json.text(Structs.of("usage", used));
    }
    var choices = chunk.getFieldsOrDefault("choices", Values.ofNull()).getListValue();
    return choices.getValuesCount() == 0 ? "" : choice(choices.getValues(0).getStructValue());
  }

  private String choice(Struct choice) throws IOException {
    finishReason = string(choice, "finish_reason", finishReason);
    var delta = choice.getFieldsOrDefault("delta", Values.ofNull()).getStructValue();
    for (var call :
        delta.getFieldsOrDefault("tool_calls", Values.ofNull()).getListValue().getValuesList()) {
      call(call.getStructValue());
    }
    var more = string(delta, "content", "");
    text.append(more);
    if (text.length() > LONGEST) {
      throw new IOException("the answer is longer than " + LONGEST + " characters");
    }
    return more;
  }

  private void call(Struct piece) throws IOException {
    var index = (int) piece.getFieldsOrDefault("index", Values.of(0)).getNumberValue();
    if (index < 0 || index >= MOST_CALLS) {
      throw new IOException("more than " + MOST_CALLS + " tools are called at once");
    }
    while (calls.size() <= index) {
      calls.add(new Call());
    }
    var call = calls.get(index);
    call.id = string(piece, "id", call.id);
    var function = piece.getFieldsOrDefault("function", Values.ofNull()).getStructValue();
    call.name = string(function, "name", call.name);
    call.arguments.append(string(function, "arguments", ""));
    if (call.arguments.length() > LONGEST) {
      throw new IOException("arguments are longer than " + LONGEST + " characters");
    }
  }

  private static String string(Struct object, String name, String fallback) {
    var value = object.getFieldsOrDefault(name, Values.ofNull());
    return value.hasStringValue() ? value.getStringValue() : fallback;
  }

  /// The chunk that told what was used, as it came; empty: none did.
  String usage() {
    return usage;
  }

  /// As a step keeps it.
  Value value() {
    var list = ListValue.newBuilder();
    calls.forEach(call -> list.addValues(call.value()));
    var tokens = Struct.getDefaultInstance();
    try {
      tokens =
          usage.isEmpty() ? tokens : Json.object(usage).getFieldsOrThrow("usage").getStructValue();
    } catch (IOException damaged) {
      throw new IllegalStateException("it was read before", damaged);
    }
    return Values.of(
        Structs.of("text", Values.of(text.toString()), "calls", Values.of(list.build())).toBuilder()
            .putFields("model", Values.of(model))
            .putFields("finish_reason", Values.of(finishReason))
            .putFields("usage", Values.of(tokens))
            .build());
  }
}
