package dev.agentserver.settings.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.json.JsonSchema;
import dev.agentserver.kit.json.JsonSchema.Fault;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JSON Schema of a tool: as it was written, and, once somebody has asked it, compiled. It never
/// changes.
final class ToolSchema {
  private static final int MOST = 20;

  private final String text;
  private volatile @Nullable JsonSchema compiled;

  private ToolSchema(String text) {
    this.text = text;
  }

  /// One that is stored.
  static ToolSchema of(String text) {
    return new ToolSchema(text);
  }

  /// Fails with InvalidArgument, which says where, when it is none.
  static ToolSchema checked(JsonNode node, String field) {
    var faults = JsonSchema.faults(node);
    if (!faults.isEmpty()) {
      throw new Problem.Invalid(
              faults.stream()
                  .limit(MOST)
                  .map(fault -> new Violation(field, fault.toString()))
                  .toList())
          .raise();
    }
    return new ToolSchema(Json.write(node));
  }

  String text() {
    return text;
  }

  JsonNode node() {
    return Json.parse(text).orElseThrow(() -> new IllegalStateException("a stored schema"));
  }

  /// What it forbids of a value; empty: nothing.
  List<Fault> faults(JsonNode value) {
    var schema = compiled;
    if (schema == null) {
      schema = JsonSchema.of(node());
      compiled = schema;
    }
    return schema.faults(value, MOST);
  }

  /// The order in which properties were written does not count.
  boolean says(ToolSchema other) {
    return node().equals(other.node());
  }
}
