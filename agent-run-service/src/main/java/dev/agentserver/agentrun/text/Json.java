package dev.agentserver.agentrun.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON as maps, lists, texts, booleans and decimals. No number ever becomes binary, so that what
/// was written is what is read.
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).build())
          .build();

  private Json() {}

  /// The values of a text, one after the other; none where it is not JSON.
  public static Optional<List<@Nullable Object>> read(String text) {
    try (var parser = FACTORY.createParser(text)) {
      var values = new ArrayList<@Nullable Object>();
      while (parser.nextToken() != null) {
        values.add(value(parser));
      }
      return Optional.of(values);
    } catch (JsonProcessingException | NumberFormatException broken) {
      return Optional.empty();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /// What is at the end of the way through objects; null: nothing.
  public static @Nullable Object at(@Nullable Object value, String... way) {
    var found = value;
    for (var step : way) {
      found = found instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return found;
  }

  /// An object, or one without fields where it is something else.
  public static Map<String, @Nullable Object> object(@Nullable Object value) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    if (value instanceof Map<?, ?> fields) {
      fields.forEach((name, field) -> object.put((String) name, field));
    }
    return object;
  }

  /// The elements of a list; none where it is something else.
  public static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }
}
