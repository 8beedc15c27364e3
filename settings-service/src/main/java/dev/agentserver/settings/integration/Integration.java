package dev.agentserver.settings.integration;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An outside system that a tenant has connected.
public record Integration(
    UUID id,
    String name,
    Attributes attributes,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What may be changed.
  ///
  /// @param baseUrl empty: it is not asked by HTTP
  /// @param settings by key, never secrets
  public record Attributes(
      String displayName, String baseUrl, Map<String, String> settings, boolean active) {
    public Attributes {
      settings = new TreeMap<>(settings);
    }
  }

  /// @param id null: any
  record Draft(@Nullable UUID id, String name, Attributes attributes) {}

  String etag() {
    return Long.toString(version);
  }
}
