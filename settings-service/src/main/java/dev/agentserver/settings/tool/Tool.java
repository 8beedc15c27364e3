package dev.agentserver.settings.tool;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that a model may call.
///
/// @param integrationId null: it is the application's own
/// @param version of the row: its etag
record Tool(
    UUID id,
    @Nullable UUID integrationId,
    String name,
    Attributes attributes,
    Schemas schemas,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What may be changed without its being another version.
  record Attributes(String description, String category, boolean active) {}

  /// What may not.
  ///
  /// @param version 1, 2, 3, ...
  record Schemas(int version, ToolSchema input, ToolSchema output) {
    boolean say(Schemas others) {
      return input.says(others.input) && output.says(others.output);
    }
  }

  /// @param id null: any
  record Draft(
      @Nullable UUID id,
      @Nullable UUID integrationId,
      String name,
      Attributes attributes,
      Schemas schemas) {}

  /// What an update makes of it.
  record Edited(Attributes attributes, Schemas schemas) {}

  Tool with(Schemas others) {
    return new Tool(id, integrationId, name, attributes, others, version, createdAt, updatedAt);
  }

  String etag() {
    return Long.toString(version);
  }
}
