package dev.agentserver.settings.credential;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One secret value, masked.
///
/// @param field what it is to its owner, for example "api_key"
/// @param lastFour its last characters; empty where that would tell too much
public record Credential(
    UUID id,
    Owner owner,
    String field,
    String lastFour,
    State state,
    @Nullable Instant expiresAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What can be done with it.
  public enum State {
    ACTIVE,
    EXPIRED,
    UNDECRYPTABLE
  }

  /// Names this state of it.
  public String etag() {
    return Long.toString(version);
  }
}
