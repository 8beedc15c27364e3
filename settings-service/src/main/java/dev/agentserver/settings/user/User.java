package dev.agentserver.settings.user;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody, or something, that acts inside a tenant.
///
/// @param external who vouches for them elsewhere; null: nobody
public record User(
    UUID id,
    Kind kind,
    Attributes attributes,
    @Nullable External external,
    @Nullable Instant lastLoginAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /// What a user is; the names are what the database holds.
  public enum Kind {
    HUMAN,
    SERVICE
  }

  /// Whether a user may do anything at all; the names are what the database holds.
  public enum State {
    ACTIVE,
    SUSPENDED
  }

  /// What may be changed.
  ///
  /// @param roles in the order of their names
  public record Attributes(@Nullable String email, String name, List<String> roles, State state) {
    /// Whether the user may do what this role says.
    boolean holds(String role) {
      return state == State.ACTIVE && roles.contains(role);
    }
  }

  /// A user of another system.
  ///
  /// @param issuer an OIDC issuer, or "application" for users that a key acts for
  public record External(String issuer, String subject) {}

  public String etag() {
    return Long.toString(version);
  }
}
