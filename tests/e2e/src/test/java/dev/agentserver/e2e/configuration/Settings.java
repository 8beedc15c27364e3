package dev.agentserver.e2e.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.configuration.Register.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tenant's configuration over REST.
record Settings(Http http) {
  static final String APPLY = "/v1/config:apply";

  void define(String key) {
    var definition = Json.object().put("key", key).put("type", "SETTING_TYPE_STRING");
    http.post("/v1/config/definitions", definition).expect(201);
  }

  /// @param value null: it is removed
  static JsonNode change(String key, String value) {
    var body = Json.object();
    var change = body.putArray("changes").addObject().put("key", key);
    if (value != null) {
      change.put("value", value);
    }
    return body;
  }

  void set(String key, String value) {
    http.post(APPLY, change(key, value)).expect(200);
  }

  /// The values that are set of keys that begin so.
  static Map<String, String> values(Reply config) {
    var values = new HashMap<String, String>();
    for (var setting : Json.elements(config.json().path("settings"))) {
      if (setting.has("value")) {
        values.put(setting.path("key").asText(), setting.path("value").asText());
      }
    }
    return values;
  }

  /// The whole history, values for all environments.
  List<Stored> history() {
    var stored = new ArrayList<Stored>();
    for (var token = "first"; !token.isEmpty(); ) {
      var from = token.equals("first") ? "" : "&page_token=" + Http.encoded(token);
      var page = http.get("/v1/config/history?page_size=100" + from).expect(200).json();
      for (var entry : Json.elements(page.path("entries"))) {
        var isValue = entry.path("environment").asText().equals("all");
        stored.add(
            new Stored(
                entry.path("revision").asLong(),
                entry.path("key").asText(),
                isValue ? entry.path("value").asText() : null));
      }
      token = page.path("next_page_token").asText();
    }
    return stored;
  }
}
