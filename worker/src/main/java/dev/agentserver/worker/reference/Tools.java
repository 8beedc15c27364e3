package dev.agentserver.worker.reference;

import com.google.protobuf.ListValue;
import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.worker.RunContext;
import dev.agentserver.worker.RunFailure;
import dev.agentserver.worker.Step;

/// Calls tools. It has none of its own: every tool answers with what it was given.
final class Tools {
  private Tools() {}

  static void run(RunContext run) {
    var arguments = Input.of(run.input()).get("arguments");
    var results = ListValue.newBuilder();
    for (var tool : run.tools()) {
      var key = "tool-" + tool.getToolId();
      results.addValues(call(run, key, tool.getToolId(), tool.getName(), arguments));
    }
    run.output(Values.of(Structs.of("results", Values.of(results.build()))));
  }

  /// What the tool answers, or that it must not be called.
  static Value call(RunContext run, String key, String toolId, String name, Value arguments) {
    var step = Step.tool(key, name, toolId, given(arguments));
    try {
      return run.step(step, () -> Values.of(Structs.of("echo", given(arguments))));
    } catch (RunFailure denied) {
      return Values.of(Structs.of("error", Values.of(denied.reason())));
    }
  }

  private static Value given(Value arguments) {
    return arguments.getKindCase() == Value.KindCase.KIND_NOT_SET ? Values.ofNull() : arguments;
  }
}
