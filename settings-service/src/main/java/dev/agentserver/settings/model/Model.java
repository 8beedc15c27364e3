package dev.agentserver.settings.model;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A model of a provider.
///
/// @param platform whether it lies beneath the tenant's own, and only the platform changes it
public record Model(
    UUID id,
    UUID providerId,
    Name name,
    Attributes attributes,
    boolean platform,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// The names of provider and model: what a tenant's model and the platform's have in common where
  /// the one lies above the other, and the order of lists.
  public record Name(String provider, String model) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      var byProvider = provider.compareTo(other.provider);
      return byProvider == 0 ? model.compareTo(other.model) : byProvider;
    }
  }

  /// What may be changed.
  ///
  /// @param contextWindow in tokens; 0: not known
  /// @param maxOutputTokens 0: not known
  public record Attributes(
      String displayName,
      int contextWindow,
      int maxOutputTokens,
      List<String> capabilities,
      boolean active) {}

  /// @param id null: any
  record Draft(@Nullable UUID id, UUID providerId, String name, Attributes attributes) {}

  Model beneath() {
    return new Model(id, providerId, name, attributes, true, version, createdAt, updatedAt);
  }

  boolean active() {
    return attributes.active();
  }

  String etag() {
    return Long.toString(version);
  }
}
