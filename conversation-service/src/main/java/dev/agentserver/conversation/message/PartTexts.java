package dev.agentserver.conversation.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The texts that parts are made of: what was written, and in what is JSON the values.
final class PartTexts {
  private static final JsonFactory FACTORY = new JsonFactory();

  private PartTexts() {}

  static List<String> of(List<Part> parts) {
    var texts = new ArrayList<String>();
    map(
        parts,
        text -> {
          texts.add(text);
          return text;
        });
    return texts;
  }

  /// The parts with other texts. What a model thought loses the signature that it no longer has.
  static List<Part> map(List<Part> parts, UnaryOperator<String> change) {
    return parts.stream().map(part -> map(part, change)).toList();
  }

  private static Part map(Part part, UnaryOperator<String> change) {
    return switch (part) {
      case Part.Text(var text) -> new Part.Text(change.apply(text));
      case Part.Reasoning(var text, var signature) -> {
        var changed = change.apply(text);
        yield new Part.Reasoning(changed, changed.equals(text) ? signature : "");
      }
      case Part.ToolCall(var id, var name, var input, var inputText) ->
          new Part.ToolCall(id, name, json(input, change), change.apply(inputText));
      case Part.ToolResult(var id, var output, var error) ->
          new Part.ToolResult(id, json(output, change), error);
      case Part.FileRef(var id, var name, var mediaType) ->
          new Part.FileRef(id, change.apply(name), mediaType);
      case Part.Data(var json) -> new Part.Data(json(json, change));
    };
  }

  private static String json(String json, UnaryOperator<String> change) {
    if (json.isEmpty()) {
      return json;
    }
    var out = new StringWriter();
    var changed = false;
    try (var in = FACTORY.createParser(json);
        var copy = FACTORY.createGenerator(out)) {
      while (in.nextToken() != null) {
        changed |= copy(in, copy, change);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return changed ? out.toString() : json;
  }

  /// A number may be what is looked for too; without it, it is a text.
  private static boolean copy(JsonParser in, JsonGenerator out, UnaryOperator<String> change)
      throws IOException {
    var token = in.currentToken();
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      var text = in.getText();
      var other = change.apply(text);
      if (!other.equals(text)) {
        out.writeString(other);
        return true;
      }
    }
    out.copyCurrentEvent(in);
    return false;
  }
}
