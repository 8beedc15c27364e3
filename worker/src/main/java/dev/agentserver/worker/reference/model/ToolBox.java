package dev.agentserver.worker.reference.model;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.agentrun.v1.AgentTool.Permission;
import dev.agentserver.agentrun.v1.RunTool;
import dev.agentserver.worker.RunContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tools of a run's agent, as a model is told of them.
///
/// @param ids the tool of each name
record ToolBox(Map<String, String> ids, List<Value> functions) {
  /// A model is not told of what it must not call.
  static ToolBox of(RunContext run) {
    var tools =
        run.tools().stream()
            .filter(tool -> tool.getPermission() != Permission.PERMISSION_DENY)
            .toList();
    var ids = new LinkedHashMap<String, String>();
    tools.forEach(tool -> ids.put(tool.getName(), tool.getToolId()));
    return new ToolBox(ids, tools.stream().map(ToolBox::function).toList());
  }

  private static Value function(RunTool tool) {
    var schema =
        tool.getInputSchema().getFieldsCount() == 0
            ? Structs.of("type", Values.of("object"))
            : tool.getInputSchema();
    var function =
        Structs.of(
            "name", Values.of(tool.getName()),
            "description", Values.of(tool.getDescription()),
            "parameters", Values.of(schema));
    return Values.of(Structs.of("type", Values.of("function"), "function", Values.of(function)));
  }

  /// Into a request; a model without tools must not be told of an empty list.
  void addTo(Struct.Builder request) {
    if (!functions.isEmpty()) {
      request.putFields("tools", Values.of(ListValue.newBuilder().addAllValues(functions).build()));
    }
  }
}
