package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.RunEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a watcher is sent.
sealed interface Frame {
  /// Why a stream ends.
  enum Reason {
    DELETED,
    REVOKED,
    TOKEN_EXPIRED
  }

  /// What a session is doing, as its columns say it.
  record SessionState(UUID sessionId, String state, @Nullable String phase) {}

  /// What a run is doing, as its column says it.
  record RunState(UUID runId, String state) {}

  /// Something happened.
  record Happened(RunEvent event) implements Frame {}

  /// The state in place of events.
  record Snapshot(long seq, @Nullable SessionState session, List<RunState> runs) implements Frame {}

  /// Everything up to `seq` was delivered.
  record Heartbeat(long seq) implements Frame {}

  /// The stream ends here.
  record End(long seq, Reason reason) implements Frame {}
}
