package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.session.Session;
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

/// What runs do to the session they are part of, each in the transaction of the run. The session's
/// row is locked by that, until the transaction ends: lock it before the rows of runs.
public final class SessionRuns {
  /// What a run has taken since it last told.
  ///
  /// @param cost US dollars
  public record Spent(long inputTokens, long outputTokens, BigDecimal cost, Duration active) {}

  private final Sessions sessions;
  private final Driving driving;
  private final Supplier<Duration> lifetime;
  private final SessionStore store = new SessionStore();

  /// @param lifetime after which a session fails if nothing happens
  public SessionRuns(Sessions sessions, Driving driving, Supplier<Duration> lifetime) {
    this.sessions = sessions;
    this.driving = driving;
    this.lifetime = lifetime;
  }

  /// Begins a run of the caller in a session, which becomes ACTIVE where nothing had begun. Fails
  /// with NotFound where the caller may not write in such a session, with SESSION_ENDED, and with
  /// INVALID_STATE_TRANSITION while it is paused.
  public Session enter(DSLContext db, Caller caller, UUID sessionId) {
    var session = sessions.lockLive(db, caller, SessionRef.of(sessionId));
    if (session.state() == SessionState.PAUSED) {
      throw Driving.refusal(session, "RUN");
    }
    if (session.state() == SessionState.CREATED) {
      driving.move(db, caller.tenantId(), session, Transition.START, null);
    }
    store.count(db, caller.tenantId(), sessionId, lifetime.get());
    return store.get(db, caller.tenantId(), sessionId);
  }

  /// Notes that a run asks something: an ACTIVE session is WAITING from now on.
  public void waits(DSLContext db, UUID tenantId, UUID sessionId) {
    store.interrupted(db, tenantId, sessionId, 1, lifetime.get());
  }

  /// Notes that a question was answered, or is not asked any more: with the last one a WAITING
  /// session is ACTIVE again.
  public void answered(DSLContext db, UUID tenantId, UUID sessionId) {
    store.interrupted(db, tenantId, sessionId, -1, lifetime.get());
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
