package dev.agentserver.kit.audit;

import java.time.OffsetDateTime;
import java.util.UUID;

/// One row of the trail.
///
/// @param position its place in the trail, from 1, without gaps; 0 until it has one
/// @param changes a JSON object: field name to hexadecimal hash
public record AuditEntry(
    UUID id,
    long position,
    UUID actorId,
    String credentialId,
    String action,
    String resource,
    String resourceId,
    Outcome outcome,
    String reason,
    String changes,
    String requestId,
    OffsetDateTime createdAt,
    byte[] rowHash) {
  /// How an operation ended; the names are what the column holds.
  public enum Outcome {
    DONE,
    REFUSED
  }
}
