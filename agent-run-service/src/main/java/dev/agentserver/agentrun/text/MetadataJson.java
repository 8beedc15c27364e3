package dev.agentserver.agentrun.text;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/// Metadata as the JSON object of a `metadata` column: strings only.
public final class MetadataJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private MetadataJson() {}

  public static String write(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return "{}";
    }
    var out = new StringWriter();
    try (var json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      for (var entry : metadata.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  public static Map<String, String> read(String text) {
    if (text.equals("{}")) {
      return Map.of();
    }
    var metadata = new TreeMap<String, String>();
    try (var json = FACTORY.createParser(text)) {
      json.nextToken();
      for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        metadata.put(name, json.nextTextValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return metadata;
  }
}
