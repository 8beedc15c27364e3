package dev.agentserver.conversation.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/// The input of a tool call as a model wrote it, which may be anything.
final class ToolInput {
  /// What a Struct of the contract can be nested.
  private static final int DEPTH = 90;

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
          .build();

  private ToolInput() {}

  /// The text as a JSON object that the database and the contract can hold; null when it is none.
  static @Nullable String object(String text) {
    var out = new StringWriter();
    try (var in = STRICT.createParser(text);
        var copy = STRICT.createGenerator(out)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      var depth = 0;
      for (var token = in.currentToken(); token != null; token = in.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy(in, token, copy);
        if (depth == 0 && in.nextToken() != null) {
          return null;
        }
      }
      copy.flush();
    } catch (IOException notJson) {
      return null;
    }
    var json = out.toString();
    return wellFormed(json) ? json : null;
  }

  private static void copy(JsonParser in, JsonToken token, JsonGenerator out) throws IOException {
    switch (token) {
      case FIELD_NAME -> out.writeFieldName(in.currentName().replace('\0', '\uFFFD'));
      case VALUE_STRING -> out.writeString(in.getText().replace('\0', '\uFFFD'));
      case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
        if (!Double.isFinite(in.getDoubleValue())) {
          throw new IOException("a number that is too large");
        }
        out.copyCurrentEvent(in);
      }
      case START_OBJECT,
          END_OBJECT,
          START_ARRAY,
          END_ARRAY,
          VALUE_TRUE,
          VALUE_FALSE,
          VALUE_NULL,
          VALUE_EMBEDDED_OBJECT,
          NOT_AVAILABLE ->
          out.copyCurrentEvent(in);
    }
  }

  /// An escaped half of a character is JSON, but no text.
  private static boolean wellFormed(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
