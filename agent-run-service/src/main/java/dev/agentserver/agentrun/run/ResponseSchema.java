package dev.agentserver.agentrun.run;

import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.json.JsonSchema;
import dev.agentserver.kit.json.JsonSchema.Fault;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run wants to be answered, as a JSON Schema.
final class ResponseSchema {
  private static final String SCHEMA = "response_schema";
  private static final String RESPONSE = "response";
  private static final int MOST = 20;

  private ResponseSchema() {}

  /// The text of a schema. Fails with InvalidArgument, which says where, when it is none.
  static String checked(String schema) {
    var node = Json.parse(schema).orElseThrow(() -> tooDeep(SCHEMA));
    refuse(SCHEMA, JsonSchema.faults(node));
    return schema;
  }

  /// Fails with InvalidArgument, which says where, when a response is not what the interrupt asks
  /// for. What is not approved needs none.
  static void check(Interrupt asked, boolean approved, @Nullable String response) {
    var needless = asked.kind() == Interrupt.Kind.APPROVAL && !approved;
    if (asked.responseSchema() == null || (response == null && needless)) {
      return;
    }
    if (response == null) {
      throw Problem.invalid(RESPONSE, "is required by the response_schema");
    }
    var schema = JsonSchema.of(Json.parse(asked.responseSchema()).orElseThrow());
    var value = Json.parse(response).orElseThrow(() -> tooDeep(RESPONSE));
    refuse(RESPONSE, schema.faults(value, MOST));
  }

  private static void refuse(String field, List<Fault> faults) {
    if (!faults.isEmpty()) {
      throw new Problem.Invalid(
              faults.stream()
                  .limit(MOST)
                  .map(fault -> new Violation(field, fault.toString()))
                  .toList())
          .raise();
    }
  }

  private static RuntimeException tooDeep(String field) {
    return Problem.invalid(field, "is nested too deeply");
  }
}
