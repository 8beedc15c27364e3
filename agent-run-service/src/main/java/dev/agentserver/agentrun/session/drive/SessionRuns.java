package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.session.SessionState;
import dev.agentserver.agentrun.session.SessionStore;
import dev.agentserver.agentrun.session.Sessions;
import dev.agentserver.kit.identity.Caller;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What runs do to the session they are part of, each in the transaction of the run. The session's
/// row is locked by that, until the transaction ends: lock it before the rows of runs.
public final class SessionRuns implements dev.agentserver.agentrun.run.Sessions {
  /// What a run has taken since it last told.
  ///
  /// @param cost US dollars
  public record Spent(long inputTokens, long outputTokens, BigDecimal cost, Duration active) {}

  private final Sessions sessions;
  private final Moves moves;
  private final Supplier<Duration> lifetime;
  private final SessionStore store = new SessionStore();

  /// @param lifetime after which a session fails if nothing happens
  public SessionRuns(Sessions sessions, Moves moves, Supplier<Duration> lifetime) {
    this.sessions = sessions;
    this.moves = moves;
    this.lifetime = lifetime;
  }

  /// The session becomes ACTIVE where nothing had begun. Fails with NotFound where the caller may
  /// not write in such a session, with SESSION_ENDED, and with INVALID_STATE_TRANSITION while it is
  /// paused.
  @Override
  public @Nullable UUID enter(DSLContext db, Caller caller, UUID sessionId) {
    var session = sessions.lockLive(db, caller, SessionRef.of(sessionId));
    if (session.state() == SessionState.PAUSED) {
      throw Moves.refusal(session, "RUN");
    }
    if (session.state() == SessionState.CREATED) {
      moves.move(db, caller.tenantId(), session, Transition.START, null);
    }
    store.count(db, caller.tenantId(), sessionId, lifetime.get());
    return session.attributes().conversationId();
  }

  /// An ACTIVE session is WAITING from now on.
  @Override
  public void waits(DSLContext db, UUID tenantId, UUID sessionId) {
    store.interrupted(db, tenantId, sessionId, 1, lifetime.get());
  }

  /// With the last question a WAITING session is ACTIVE again.
  @Override
  public void answered(DSLContext db, UUID tenantId, UUID sessionId) {
    store.interrupted(db, tenantId, sessionId, -1, lifetime.get());
  }

  @Override
  public void worked(DSLContext db, UUID tenantId, UUID sessionId, Duration active) {
    spent(db, tenantId, sessionId, new Spent(0, 0, BigDecimal.ZERO, active));
  }

  /// Adds to what the session has taken.
  public void spent(DSLContext db, UUID tenantId, UUID sessionId, Spent spent) {
    store.spend(
        db,
        tenantId,
        sessionId,
        spent.inputTokens(),
        spent.outputTokens(),
        spent.cost(),
        spent.active());
  }
}
