package dev.agentserver.agentrun.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which events of a stream a reader gets.
///
/// @param runId those of this run; null: of all
/// @param userId those of this user's runs; null: of everybody's
public record Filter(@Nullable UUID runId, @Nullable UUID userId) {
  /// Whether the reader gets the event.
  public boolean matches(RunEvent event) {
    return (runId == null || runId.equals(event.runId()))
        && (userId == null || userId.equals(event.userId()));
  }
}
