package dev.agentserver.agentrun.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One execution of an agent.
///
/// @param terms what it was created with, which stays
/// @param progress what has become of it
/// @param input JSON; null: none, or not read
/// @param output JSON; null: none, or not read
/// @param readAt the database's time when it was read
public record Run(
    RunKey key,
    Terms terms,
    Progress progress,
    @Nullable String input,
    @Nullable String output,
    Instant readAt) {
  /// @param agentVersion 0: no agent
  /// @param type null: none in particular
  /// @param concurrencyKey what it excludes others about; null: nothing
  public record Terms(
      @Nullable UUID agentId,
      int agentVersion,
      @Nullable String type,
      String queue,
      boolean selfExecute,
      @Nullable UUID concurrencyKey,
      @Nullable UUID inputMessageId,
      @Nullable UUID parentRunId,
      @Nullable UUID retryOfRunId,
      @Nullable String externalId,
      Map<String, String> metadata,
      int maxAttempts,
      Instant createdAt,
      Instant deadlineAt) {}

  /// @param leaseEpoch numbers its leases
  /// @param holderId who holds the newest
  /// @param actionExpiresAt until when it waits for people
  /// @param active how long it was worked on by those who had it before
  /// @param activeSince since when it is worked on; null: it is not
  /// @param inputSeq how many inputs were sent to it
  public record Progress(
      RunState state,
      int attempt,
      long leaseEpoch,
      @Nullable UUID holderId,
      @Nullable Instant leaseExpiresAt,
      @Nullable Instant actionExpiresAt,
      boolean pauseRequested,
      @Nullable UUID supersededBy,
      Duration active,
      @Nullable Instant activeSince,
      long inputSeq,
      int stepCount,
      @Nullable UUID outputMessageId,
      @Nullable String externalSessionId,
      @Nullable Fault fault,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      Instant updatedAt) {}

  /// Why something failed: in a word for programs, and for people.
  public record Fault(String reason, String message) {}

  public UUID id() {
    return key.runId();
  }

  public UUID tenantId() {
    return key.tenantId();
  }

  public RunState state() {
    return progress.state();
  }

  /// How long it was worked on until it was read.
  Duration activeUntilRead() {
    var since = progress.activeSince();
    return since == null
        ? progress.active()
        : progress.active().plus(Duration.between(since, readAt));
  }

  /// Whether another worker may begin it.
  public boolean hasAttempts() {
    return !terms.selfExecute() && progress.attempt() < terms.maxAttempts();
  }
}
