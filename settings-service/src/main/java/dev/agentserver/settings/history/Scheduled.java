package dev.agentserver.settings.history;

import dev.agentserver.settings.secret.StoredSecret;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Changes that are made when their time comes.
///
/// @param revision the one it made; 0: none
/// @param failure why it could not be made; empty: it could
/// @param credentialId what it was scheduled with
public record Scheduled(
    UUID tenantId,
    UUID id,
    Instant applyAt,
    String reason,
    State state,
    long revision,
    String failure,
    UUID scheduledBy,
    String credentialId,
    Instant createdAt,
    List<Planned> items) {
  /// What has become of it; the names are what the column holds.
  public enum State {
    PENDING,
    APPLIED,
    CANCELLED,
    FAILED
  }

  /// What is to be made of one value: a text, a secret, or nothing where it is removed.
  public record Planned(Item item, @Nullable String text, @Nullable StoredSecret sealed) {}

  public Scheduled {
    items = List.copyOf(items);
  }
}
