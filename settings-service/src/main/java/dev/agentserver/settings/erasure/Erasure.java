package dev.agentserver.settings.erasure;

import dev.agentserver.kit.erasure.ErasedTable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What has become of an erasure.
///
/// @param userId who is erased; null: the whole tenant
/// @param complete whether every service has reported that nothing is left
public record Erasure(
    UUID id, @Nullable UUID userId, boolean complete, List<Report> reports, Instant createdAt) {
  /// How far a service is.
  public record Report(
      String service,
      long rowsRemoved,
      long rowsRemaining,
      Instant reportedAt,
      List<ErasedTable> tables) {}
}
