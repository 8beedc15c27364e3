package dev.agentserver.settings.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.resource.SchemaLoader;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.definition.Definition.Draft;
import java.util.List;
import java.util.Optional;

/// Checks values against the types and schemas of their definitions.
public final class Schemas {
  private static final int MESSAGES = 3;

  /// A schema refers to itself and to the standard's own, and to nothing in the network or on the
  /// class path.
  private static final SchemaLoader LOADER =
      SchemaLoader.builder()
          .block(iri -> !iri.toString().startsWith("https://json-schema.org/draft/2020-12/"))
          .build();

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
    if (!node.isObject() && !node.isBoolean()) {
      throw Problem.invalid(field + ".schema", "is not a JSON Schema");
    }
    var standard = SpecificationVersion.DRAFT_2020_12.getDialectId();
    if (node.has("$schema") && !node.path("$schema").asText().equals(standard)) {
      throw Problem.invalid(field + ".schema", "is not of " + standard);
    }
    try {
      var faults =
          registry().getSchema(com.networknt.schema.SchemaLocation.of(standard)).validate(node);
      if (!faults.isEmpty()) {
        throw Problem.invalid(field + ".schema", messages(faults));
      }
      var schema = registry().getSchema(node);
      schema.initializeValidators();
    } catch (SchemaException unfit) {
      throw Problem.invalid(field + ".schema", "refers to what is not there, or is no schema");
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
    var fault = fault(draft.schema(), node.get());
    // A message may quote a part of the value, such as the name of a property.
    return draft.sensitive() ? fault.map(_ -> "breaks its schema") : fault;
  }

  private static Optional<String> fault(String schema, JsonNode value) {
    var faults = schema(schema).validate(value);
    return faults.isEmpty() ? Optional.empty() : Optional.of(messages(faults));
  }

  private static Schema schema(String text) {
    var node = Json.parse(text).orElseThrow(() -> new IllegalStateException("a stored schema"));
    return registry().getSchema(node);
  }

  /// A registry keeps every schema it has seen, so it lives for one.
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaLoader(LOADER));
  }

  private static String messages(List<com.networknt.schema.Error> faults) {
    return faults.stream()
        .limit(MESSAGES)
        .map(
            fault -> {
              var place = fault.getInstanceLocation().toString();
              return place.isEmpty() ? fault.getMessage() : place + ": " + fault.getMessage();
            })
        .collect(java.util.stream.Collectors.joining("; "));
  }
}
