package dev.agentserver.conversation.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Parts as the JSON of the `parts` column: an array of objects with one field each, named as in
/// the contract.
public final class PartsJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private PartsJson() {}

  public static String write(List<Part> parts) {
    var out = new StringWriter();
    try (var json = FACTORY.createGenerator(out)) {
      json.writeStartArray();
      for (var part : parts) {
        json.writeStartObject();
        write(json, part);
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  public static List<Part> read(String text) {
    var parts = new ArrayList<Part>();
    try (var json = FACTORY.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        var kind = json.nextFieldName();
        json.nextToken();
        parts.add(read(json, kind));
        json.nextToken();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(parts);
  }

  private static void write(JsonGenerator json, Part part) throws IOException {
    switch (part) {
      case Part.Text(var text) -> json.writeStringField("text", text);
      case Part.Reasoning(var text, var signature) -> {
        json.writeObjectFieldStart("reasoning");
        json.writeStringField("text", text);
        json.writeStringField("signature", signature);
        json.writeEndObject();
      }
      case Part.ToolCall(var id, var name, var input, var inputText) -> {
        json.writeObjectFieldStart("tool_call");
        json.writeStringField("id", id);
        json.writeStringField("name", name);
        writeRaw(json, "input", input);
        if (!inputText.isEmpty()) {
          json.writeStringField("input_text", inputText);
        }
        json.writeEndObject();
      }
      case Part.ToolResult(var id, var output, var error) -> {
        json.writeObjectFieldStart("tool_result");
        json.writeStringField("tool_call_id", id);
        writeRaw(json, "output", output);
        json.writeBooleanField("is_error", error);
        json.writeEndObject();
      }
      case Part.FileRef(var id, var name, var mediaType) -> {
        json.writeObjectFieldStart("file");
        json.writeStringField("file_id", id.toString());
        json.writeStringField("name", name);
        json.writeStringField("media_type", mediaType);
        json.writeEndObject();
      }
      case Part.Data(var value) -> writeRaw(json, "data", value);
    }
  }

  private static void writeRaw(JsonGenerator json, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeFieldName(field);
      json.writeRawValue(value);
    }
  }

  private static Part read(JsonParser json, String kind) throws IOException {
    return switch (kind) {
      case "text" -> new Part.Text(json.getText());
      case "data" -> new Part.Data(raw(json));
      default -> structured(kind, fields(json));
    };
  }

  private static Part structured(String kind, Map<String, String> fields) {
    return switch (kind) {
      case "reasoning" -> new Part.Reasoning(fields.get("text"), fields.get("signature"));
      case "tool_call" ->
          new Part.ToolCall(
              fields.get("id"),
              fields.get("name"),
              fields.getOrDefault("input", ""),
              fields.getOrDefault("input_text", ""));
      case "tool_result" ->
          new Part.ToolResult(
              fields.get("tool_call_id"),
              fields.getOrDefault("output", ""),
              Boolean.parseBoolean(fields.get("is_error")));
      case "file" ->
          new Part.FileRef(
              UUID.fromString(fields.get("file_id")), fields.get("name"), fields.get("media_type"));
      default -> throw new IllegalStateException("unknown kind of part in the database: " + kind);
    };
  }

  /// The fields of an object: strings as they are, everything that may be any JSON as its text.
  private static Map<String, String> fields(JsonParser json) throws IOException {
    var fields = new HashMap<String, String>();
    for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      var any = name.equals("input") || name.equals("output");
      var token = json.nextToken();
      fields.put(name, !any && token == JsonToken.VALUE_STRING ? json.getText() : raw(json));
    }
    return fields;
  }

  private static String raw(JsonParser json) throws IOException {
    var out = new StringWriter();
    try (var copy = FACTORY.createGenerator(out)) {
      copy.copyCurrentStructure(json);
    }
    return out.toString();
  }
}
