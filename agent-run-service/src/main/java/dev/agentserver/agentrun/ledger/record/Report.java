package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody says that a call used.
///
/// @param key names it within the tenant
/// @param hash of all that is said
/// @param raw what the provider told, JSON as a rule; empty: nothing
/// @param readings what was used, where the provider told nothing
/// @param state how certain it is; null: as it looks
/// @param occurredAt null: now
/// @param holdId what was reserved for it; null: nothing
public record Report(
    String key,
    byte[] hash,
    String provider,
    String model,
    String flavor,
    Conditions conditions,
    String raw,
    List<Reading> readings,
    NormalizedUsage.@Nullable State state,
    @Nullable Instant occurredAt,
    @Nullable UUID holdId,
    Purpose purpose) {
  /// What it was for. All may be null.
  ///
  /// @param leaseEpoch of whoever works on the run; 0: the newest
  public record Purpose(
      @Nullable UUID runId,
      long leaseEpoch,
      @Nullable String stepKey,
      @Nullable UUID userId,
      @Nullable UUID agentId,
      @Nullable UUID sessionId,
      @Nullable UUID conversationId,
      @Nullable UUID projectId,
      @Nullable UUID messageId) {}
}
