package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.session.Phase;
import dev.agentserver.agentrun.session.PhaseStore;
import dev.agentserver.agentrun.session.PhaseStore.Attempted;
import dev.agentserver.agentrun.session.Session;
import dev.agentserver.agentrun.session.Session.Failure;
import dev.agentserver.agentrun.session.SessionNews;
import dev.agentserver.agentrun.session.SessionNews.Category;
import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.session.SessionState;
import dev.agentserver.agentrun.session.SessionStore;
import dev.agentserver.agentrun.session.Sessions;
import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Takes sessions from state to state and from phase to phase, by the rules of [Transition] and of
/// their type.
public final class Driving {
  private static final String FORCE = "session:force";
  private static final int BATCH = 100;
  private static final Failure EXPIRED =
      new Failure("EXPIRED", "nothing happened in the session for too long");

  private final Database database;
  private final Writes writes;
  private final AuditTrail audit;
  private final Sessions sessions;
  private final SessionNews news;
  private final Supplier<Duration> lifetime;
  private final SessionStore store = new SessionStore();
  private final PhaseStore phases = new PhaseStore();

  /// @param lifetime after which a session fails if nothing happens
  public Driving(
      Database database,
      Writes writes,
      AuditTrail audit,
      Sessions sessions,
      SessionNews news,
      Supplier<Duration> lifetime) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.sessions = sessions;
    this.news = news;
    this.lifetime = lifetime;
  }

  /// @param failure with FAIL, and only then
  public Session move(
      Caller caller,
      Attempt<Session> attempt,
      SessionRef ref,
      Transition transition,
      @Nullable Failure failure) {
    return writes.once(
        caller,
        attempt,
        db -> move(db, caller.tenantId(), sessions.lock(db, caller, ref), transition, failure));
  }

  /// Moves a session whose row is locked.
  Session move(
      DSLContext db,
      UUID tenantId,
      Session session,
      Transition transition,
      @Nullable Failure failure) {
    var phased = transition == Transition.COMPLETE && session.phase() != null;
    var to =
        transition
            .from(session.state(), session.openInterrupts() > 0)
            .filter(_ -> !phased)
            .orElseThrow(() -> refusal(session, transition.name()));
    store.move(db, tenantId, session.id(), to, session.phase(), failure, lifetime.get());
    var moved = store.get(db, tenantId, session.id());
    var kind = "session." + transition.name().toLowerCase(Locale.ROOT);
    news.happened(db, tenantId, moved, Category.LIFECYCLE, kind, to.name());
    return moved;
  }

  static RuntimeException refusal(Session session, String transition) {
    return new Problem.Refused(
            "INVALID_STATE_TRANSITION",
            "a session that is " + session.state() + " takes no " + transition,
            Map.of(
                "id",
                session.id().toString(),
                "state",
                session.state().name(),
                "transition",
                transition))
        .raise();
  }

  /// @param force leaves out what the rules ask for
  public Session advance(
      Caller caller, Attempt<Session> attempt, SessionRef ref, Phase to, boolean force) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var session = sessions.lock(db, caller, ref);
          if (!force) {
            return enter(db, caller.tenantId(), session, to, false);
          }
          if (!caller.may(FORCE)) {
            throw new Problem.Denied(FORCE).raise();
          }
          var changes = Map.of("from", String.valueOf(session.phase()), "to", to.name());
          audit.record(
              db,
              caller,
              new AuditRecord(attempt.method(), "session", session.id().toString(), changes));
          return enter(db, caller.tenantId(), session, to, true);
        });
  }

  /// Has a session whose row is locked enter a phase. The last one completes it.
  public Session enter(DSLContext db, UUID tenantId, Session session, Phase to, boolean force) {
    var type = session.type();
    var from = session.phase();
    if (from == null || from == to || !type.has(to)) {
      throw refusal(session, to, "");
    }
    if (session.state() != SessionState.ACTIVE) {
      throw refusal(session, "ADVANCE");
    }
    if (!force && !type.rewinds(from, to)) {
      if (!type.follows(from, to)) {
        throw refusal(session, to, "");
      }
      needWhatItTakes(db, tenantId, session, to);
    }
    var state = to == Phase.DONE ? SessionState.COMPLETE : SessionState.ACTIVE;
    phases.enter(db, tenantId, session.id(), to, force);
    store.move(db, tenantId, session.id(), state, to, null, lifetime.get());
    var entered = store.get(db, tenantId, session.id());
    news.happened(db, tenantId, entered, Category.PHASE, "phase.entered", to.name());
    if (state == SessionState.COMPLETE) {
      news.happened(db, tenantId, entered, Category.LIFECYCLE, "session.complete", state.name());
    }
    return entered;
  }

  private void needWhatItTakes(DSLContext db, UUID tenantId, Session session, Phase to) {
    var missing =
        switch (session.phase()) {
          case SPEC -> phases.hasArtifact(db, tenantId, session.id(), "spec") ? "" : "spec";
          case PLAN -> phases.hasArtifact(db, tenantId, session.id(), "plan") ? "" : "plan";
          case BUILD -> phases.hasOpenCheckpoint(db, tenantId, session.id()) ? "checkpoints" : "";
          case DOCS, DONE -> "";
        };
    if (!missing.isEmpty()) {
      throw refusal(session, to, missing);
    }
  }

  private static RuntimeException refusal(Session session, Phase to, String missing) {
    var from = session.phase() == null ? "" : session.phase().name();
    return new Problem.Refused(
            "INVALID_PHASE_TRANSITION",
            missing.isEmpty()
                ? "the session cannot enter " + to + " now"
                : "the session cannot enter " + to + " without its " + missing,
            Map.of(
                "id", session.id().toString(), "from", from, "to", to.name(), "missing", missing))
        .raise();
  }

  /// The phases that a session went through.
  ///
  /// @param after the number of the last one of the page before; 0: from the first
  public List<Attempted> phases(Caller caller, SessionRef ref, int after, int limit) {
    return database.read(
        db ->
            phases.list(db, caller.tenantId(), sessions.find(db, caller, ref).id(), after, limit));
  }

  /// Ends sessions in which nothing has happened for too long, and returns how many.
  public int expire() {
    var expired = 0;
    while (true) {
      var due = database.read(db -> store.due(db, BATCH));
      var done = 0;
      for (var each : due) {
        done += database.write(db -> expire(db, each.value1(), each.value2())) ? 1 : 0;
      }
      expired += done;
      if (due.size() < BATCH || done == 0) {
        return expired;
      }
    }
  }

  private boolean expire(DSLContext db, UUID tenantId, UUID id) {
    var session = store.lockDue(db, tenantId, id);
    session.ifPresent(each -> move(db, tenantId, each, Transition.EXPIRE, EXPIRED));
    return session.isPresent();
  }
}
