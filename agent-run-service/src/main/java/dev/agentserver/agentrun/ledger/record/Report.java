package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.agentrun.usage.Reading;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  /// What a provider told along with what came of the call.
  ///
  /// @param key the call's own
  /// @param at null: now
  static Report of(String key, ProviderUsage usage, @Nullable Instant at, Purpose purpose) {
    return new Report(
        key,
        sha256((key + "\0" + usage.text()).getBytes(StandardCharsets.UTF_8)),
        usage.provider(),
        usage.model(),
        usage.flavor(),
        usage.conditions(),
        usage.raw(),
        List.of(),
        usage.partial() ? NormalizedUsage.State.PARTIAL : null,
        at,
        usage.holdId(),
        purpose);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

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
