package dev.agentserver.kit.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import com.networknt.schema.resource.SchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/// A JSON Schema of 2020-12, compiled. It refers to itself and to the standard's own, and to
/// nothing in the network or on the class path.
public final class JsonSchema {
  private static final String STANDARD = SpecificationVersion.DRAFT_2020_12.getDialectId();

  private static final SchemaLoader LOADER =
      SchemaLoader.builder()
          .block(iri -> !iri.toString().startsWith("https://json-schema.org/draft/2020-12/"))
          .build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .locale(Locale.ROOT)
          .pathType(PathType.JSON_POINTER)
          .regularExpressionFactory(BoundedPattern::new)
          .build();

  private static final Fault ENDLESS = new Fault("", "refers to itself without end");

  private final Schema schema;

  /// Something that a schema forbids.
  ///
  /// @param path a JSON Pointer into the value; empty: the value itself
  public record Fault(String path, String message) {
    @Override
    public String toString() {
      return path.isEmpty() ? message : path + ": " + message;
    }
  }

  private JsonSchema(Schema schema) {
    this.schema = schema;
  }

  /// A schema that has no [#faults(JsonNode)].
  public static JsonSchema of(JsonNode schema) {
    return new JsonSchema(compile(schema));
  }

  /// What keeps a document from being a schema; empty: it is one.
  public static List<Fault> faults(JsonNode schema) {
    if (!schema.isObject() && !schema.isBoolean()) {
      return List.of(new Fault("", "is not a JSON Schema"));
    }
    if (schema.has("$schema") && !schema.path("$schema").asText().equals(STANDARD)) {
      return List.of(new Fault("/$schema", "is not " + STANDARD));
    }
    var faults = faults(registry().getSchema(SchemaLocation.of(STANDARD)).validate(schema));
    if (!faults.isEmpty()) {
      return faults;
    }
    return Keywords.fault(schema).or(() -> unusable(schema)).map(List::of).orElse(List.of());
  }

  /// What is found only by using it, such as references in a circle.
  private static Optional<Fault> unusable(JsonNode schema) {
    try {
      return of(schema).faults(Json.object(), 1).stream()
          .filter(fault -> fault == ENDLESS)
          .findFirst();
    } catch (SchemaException | PatternSyntaxException unfit) {
      return Optional.of(new Fault("", "refers to what is not there, or is no schema"));
    }
  }

  private static Schema compile(JsonNode node) {
    var schema = registry().getSchema(node);
    schema.initializeValidators();
    return schema;
  }

  /// What the schema forbids of a value, the first ones; empty: nothing.
  public List<Fault> faults(JsonNode value, int most) {
    try {
      return BoundedPattern.within(() -> faults(schema.validate(value))).stream()
          .limit(most)
          .toList();
    } catch (StackOverflowError endless) {
      return List.of(ENDLESS);
    } catch (BoundedPattern.TooSlow tooSlow) {
      return List.of(new Fault("", "takes too long to be matched by a pattern"));
    }
  }

  /// A registry keeps every schema it has seen, so it lives for one.
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder -> builder.schemaLoader(LOADER).schemaRegistryConfig(CONFIG));
  }

  private static List<Fault> faults(List<Error> errors) {
    return errors.stream()
        .map(error -> new Fault(error.getInstanceLocation().toString(), error.getMessage()))
        .toList();
  }
}
