package dev.agentserver.settings.definition;

import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.json.JsonSchema;
import dev.agentserver.kit.json.JsonSchema.Fault;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.definition.Definition.Draft;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Checks values against the types and schemas of their definitions.
public final class Schemas {
  private static final int MESSAGES = 3;

  private Schemas() {}

  /// Fails with InvalidArgument where a draft is not fit: its schema, its default, or the two
  /// together.
  public static void check(Draft draft, String field) {
    if (draft.sensitive() && draft.fallback() != null) {
      throw Problem.invalid(field + ".default_value", "a sensitive setting has no default");
    }
    if (draft.sensitive() && draft.isPublic()) {
      throw Problem.invalid(field + ".public", "a sensitive setting is not public");
    }
    if (!draft.schema().isEmpty()) {
      compile(draft, field);
    }
    var fallback = draft.fallback();
    if (fallback != null) {
      fault(draft, fallback)
          .ifPresent(
              message -> {
                throw Problem.invalid(field + ".default_value", message);
              });
    }
  }

  private static void compile(Draft draft, String field) {
    var node =
        Json.parse(draft.schema())
            .orElseThrow(() -> Problem.invalid(field + ".schema", "is not JSON"));
    var faults = JsonSchema.faults(node);
    if (!faults.isEmpty()) {
      throw Problem.invalid(field + ".schema", messages(faults));
    }
  }

  /// Why a text is no value of the definition; empty where it is one. It does not quote the text.
  public static Optional<String> fault(Draft draft, String text) {
    var node = draft.type().read(text);
    if (node.isEmpty()) {
      return Optional.of("is not " + draft.type().form());
    }
    if (draft.schema().isEmpty()) {
      return Optional.empty();
    }
    var faults = schema(draft.schema()).faults(node.get(), MESSAGES);
    if (faults.isEmpty()) {
      return Optional.empty();
    }
    // A message may quote a part of the value, such as the name of a property.
    return Optional.of(draft.sensitive() ? "breaks its schema" : messages(faults));
  }

  private static JsonSchema schema(String text) {
    return JsonSchema.of(
        Json.parse(text).orElseThrow(() -> new IllegalStateException("a stored schema")));
  }

  private static String messages(List<Fault> faults) {
    return faults.stream().limit(MESSAGES).map(Fault::toString).collect(Collectors.joining("; "));
  }
}
