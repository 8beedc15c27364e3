package dev.agentserver.agentrun.session;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A piece of work that runs serve.
///
/// @param phase null for a type without phases
/// @param openInterrupts how many questions of its runs nobody has answered
/// @param version counts the changes that an update may lose
/// @param activity counts the changes that runs make
public record Session(
    UUID id,
    UUID ownerId,
    SessionType type,
    SessionState state,
    @Nullable Phase phase,
    Attributes attributes,
    Totals totals,
    int openInterrupts,
    @Nullable Failure failure,
    long version,
    long activity,
    Times times) {

  /// What its owner may change.
  public record Attributes(
      String title,
      String slug,
      @Nullable UUID projectId,
      @Nullable UUID conversationId,
      @Nullable String workingDir,
      @Nullable String gitBranch,
      @Nullable String externalId,
      Map<String, String> metadata) {}

  /// What it has taken, all of its runs together.
  ///
  /// @param cost US dollars
  public record Totals(
      int runCount, long inputTokens, long outputTokens, BigDecimal cost, Duration active) {}

  /// Why it failed.
  public record Failure(String code, String message) {}

  /// @param endedAt null until then
  /// @param expiresAt when it fails if nothing happens; null once it has ended
  public record Times(
      Instant createdAt,
      Instant updatedAt,
      Instant lastActivityAt,
      @Nullable Instant endedAt,
      @Nullable Instant expiresAt) {}

  /// Names this state: what an update may lose, then what runs report.
  public String etag() {
    return version + "." + activity;
  }

  /// Whether somebody who saw the state with this etag has seen all that an update may lose.
  public boolean matches(String etag) {
    return etag.split("\\.", 2)[0].equals(Long.toString(version));
  }
}
