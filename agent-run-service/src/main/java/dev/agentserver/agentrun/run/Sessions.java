package dev.agentserver.agentrun.run;

import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The sessions, as runs need them. Whoever calls this has locked the session before any of its
/// runs, or locks it thereby.
public interface Sessions {
  /// Begins a run of the caller in a session, and returns the conversation that it is talked about
  /// in; null: none. Fails with NotFound where there is no such session for the caller, and where
  /// it takes no runs now.
  @Nullable UUID enter(DSLContext db, Caller caller, UUID sessionId);

  /// Notes that a run asks something.
  void waits(DSLContext db, UUID tenantId, UUID sessionId);

  /// Notes that a question was answered, or is not asked any more.
  void answered(DSLContext db, UUID tenantId, UUID sessionId);

  /// Notes how long a run that has ended was worked on.
  void worked(DSLContext db, UUID tenantId, UUID sessionId, Duration active);
}
