package dev.agentserver.settings.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.kit.json.Json;
import dev.agentserver.settings.definition.Definition.Draft;
import org.jspecify.annotations.Nullable;

/// A definition as the history keeps it.
public final class DefinitionJson {
  private DefinitionJson() {}

  public static String write(Draft draft) {
    return Json.write(
        Json.object()
            .put("type", draft.type().name())
            .put("schema", draft.schema())
            .put("default_value", draft.fallback())
            .put("description", draft.description())
            .put("active", draft.active())
            .put("sensitive", draft.sensitive())
            .put("public", draft.isPublic()));
  }

  /// The inverse.
  public static Draft read(String key, String json) {
    var node =
        Json.parse(json).orElseThrow(() -> new IllegalStateException("the history of " + key));
    return new Draft(
        key,
        SettingType.valueOf(node.path("type").asText()),
        node.path("schema").asText(),
        textOrNull(node.path("default_value")),
        node.path("description").asText(),
        node.path("active").asBoolean(),
        node.path("sensitive").asBoolean(),
        node.path("public").asBoolean());
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
