package dev.agentserver.settings.history;

import java.time.Instant;
import java.util.UUID;

/// One change, made whole or not at all.
///
/// @param number from 1, without gaps in a tenant's space
/// @param reason why, in the words of who made it
public record Revision(long number, Kind kind, UUID changedBy, String reason, Instant createdAt) {
  /// What made a revision; the names are what the column holds.
  public enum Kind {
    CHANGE,
    ROLLBACK,
    IMPORT,
    SCHEDULED,
    DEFINITION
  }
}
