package dev.agentserver.settings.flag.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as Java objects and back: Map, List, String, Double, Boolean, null. A key that comes twice
/// is refused, and so is what nests deeper than 100.
public final class Json {
  private static final int DEEPEST = 100;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private Json() {}

  /// @throws IllegalArgumentException where the text is not JSON; the message says what and where
  public static @Nullable Object parse(String text) {
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new IllegalArgumentException("there is no value");
      }
      var value = value(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more after the end of the value");
      }
      return value;
    } catch (IOException malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Double.parseDouble(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a value cannot begin with " + parser.currentToken());
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    var object = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    var list = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  /// Numbers as JavaScript prints them: whole ones without a fraction.
  public static String print(@Nullable Object value) {
    var text = new StringWriter();
    try (var generator = FACTORY.createGenerator(text)) {
      write(value, generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator generator) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Boolean truth -> generator.writeBoolean(truth);
      case Double number -> write(number, generator);
      case List<?> list -> {
        generator.writeStartArray();
        for (var item : list) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (var field : map.entrySet()) {
          generator.writeFieldName(field.getKey().toString());
          write(field.getValue(), generator);
        }
        generator.writeEndObject();
      }
      default -> throw new IllegalArgumentException("not JSON: " + value.getClass());
    }
  }

  private static void write(Double number, JsonGenerator generator) throws IOException {
    if (number.isNaN() || number.isInfinite()) {
      generator.writeNull();
    } else {
      generator.writeNumber(Numbers.print(number));
    }
  }
}
