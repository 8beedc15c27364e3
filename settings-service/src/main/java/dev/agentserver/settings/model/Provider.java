package dev.agentserver.settings.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody who runs models.
///
/// @param platform whether it lies beneath the tenant's own, and only the platform changes it
public record Provider(
    UUID id,
    String name,
    Attributes attributes,
    boolean platform,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What may be changed.
  ///
  /// @param baseUrl empty: where its clients know it to be
  public record Attributes(String displayName, String baseUrl, boolean active) {}

  /// @param id null: any
  record Draft(@Nullable UUID id, String name, Attributes attributes) {}

  Provider beneath() {
    return new Provider(id, name, attributes, true, version, createdAt, updatedAt);
  }

  boolean active() {
    return attributes.active();
  }

  String etag() {
    return Long.toString(version);
  }
}
