package dev.agentserver.kit.audit;

import dev.agentserver.kit.audit.AuditEntry.Outcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which entries are wanted; null is no restriction.
///
/// @param from the earliest time
/// @param until the time before which they were written
public record AuditFilter(
    @Nullable UUID actorId,
    @Nullable String resource,
    @Nullable String resourceId,
    @Nullable String action,
    @Nullable Outcome outcome,
    @Nullable Instant from,
    @Nullable Instant until) {
  /// Everything.
  public static AuditFilter none() {
    return new AuditFilter(null, null, null, null, null, null, null);
  }
}
