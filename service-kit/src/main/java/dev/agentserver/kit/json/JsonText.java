package dev.agentserver.kit.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.agentserver.kit.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Text that is to be JSON, and is kept as it was written.
public final class JsonText {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).build())
          .build();

  private JsonText() {}

  /// Refuses what is not one object or list.
  ///
  /// @param field named where it is refused
  public static void check(String field, String text) {
    if (!isStructure(text)) {
      throw Problem.invalid(field, "is not the text of a JSON object");
    }
  }

  private static boolean isStructure(String text) {
    try (var parser = FACTORY.createParser(text)) {
      var first = parser.nextToken();
      if (first == null || !first.isStructStart()) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JsonProcessingException broken) {
      return false;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
