package dev.agentserver.kit.json;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.kit.json.JsonSchema.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a schema's own schema cannot say of it: references that lead nowhere, and patterns that are
/// none, each with the place where it stands.
final class Keywords {
  /// What lies there is a value.
  private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples");

  private final JsonNode root;

  private Keywords(JsonNode root) {
    this.root = root;
  }

  static Optional<Fault> fault(JsonNode schema) {
    return new Keywords(schema).walk(schema, JsonPointer.empty()).findFirst();
  }

  private Stream<Fault> walk(JsonNode node, JsonPointer path) {
    if (node.isArray()) {
      return IntStream.range(0, node.size())
          .boxed()
          .flatMap(index -> walk(node.get(index), path.appendIndex(index)));
    }
    return node.properties().stream()
        .filter(each -> !VALUES.contains(each.getKey()))
        .flatMap(
            each -> {
              var place = path.appendProperty(each.getKey());
              return Stream.concat(
                  own(each.getKey(), each.getValue(), place), walk(each.getValue(), place));
            });
  }

  private Stream<Fault> own(String keyword, JsonNode value, JsonPointer place) {
    if (keyword.equals("$ref") && value.isTextual() && !leads(value.asText())) {
      return Stream.of(new Fault(place.toString(), "refers to nothing: " + value.asText()));
    }
    if (keyword.equals("pattern") && value.isTextual() && !isPattern(value.asText())) {
      return Stream.of(new Fault(place.toString(), "is no regular expression"));
    }
    return Stream.empty();
  }

  /// Only pointers are looked up; anchors and the standard's own are the compiler's matter.
  private boolean leads(String ref) {
    if (!ref.startsWith("#/") || root.has("$id")) {
      return true;
    }
    try {
      return !root.at(URLDecoder.decode(ref.substring(1), StandardCharsets.UTF_8)).isMissingNode();
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  private static boolean isPattern(String regex) {
    try {
      new BoundedPattern(regex);
      return true;
    } catch (PatternSyntaxException damaged) {
      return false;
    }
  }
}
