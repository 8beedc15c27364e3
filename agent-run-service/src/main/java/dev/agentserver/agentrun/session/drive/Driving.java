package dev.agentserver.agentrun.session.drive;

import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.agentrun.run.OpenRuns;
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
  private final Moves moves;
  private final OpenRuns runs;
  private final SessionNews news;
  private final FileLinks files;
  private final Supplier<Duration> lifetime;
  private final SessionStore store = new SessionStore();
  private final PhaseStore phases = new PhaseStore();

  /// @param lifetime after which a session fails if nothing happens
  public Driving(
      Database database,
      Writes writes,
      AuditTrail audit,
      Sessions sessions,
      Moves moves,
      OpenRuns runs,
      SessionNews news,
      FileLinks files,
      Supplier<Duration> lifetime) {
    this.database = database;
    this.writes = writes;
    this.audit = audit;
    this.sessions = sessions;
    this.moves = moves;
    this.runs = runs;
    this.news = news;
    this.files = files;
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

  private Session move(
      DSLContext db,
      UUID tenantId,
      Session session,
      Transition transition,
      @Nullable Failure failure) {
    if (!Moves.target(session, transition).isEnded()) {
      return moves.move(db, tenantId, session, transition, failure);
    }
    // What is told locks the session's events: runs are locked before them.
    var batch = runs.lock(db, tenantId, session.id(), null);
    return end(db, tenantId, batch, () -> moves.move(db, tenantId, session, transition, failure));
  }

  /// Ends a session, and then its runs: the first of them, where there are many.
  private Session end(
      DSLContext db, UUID tenantId, OpenRuns.Batch batch, Supplier<Session> ending) {
    var ended = ending.get();
    if (batch.runs().isEmpty()) {
      return ended;
    }
    runs.cancel(db, batch);
    store.ending(db, tenantId, ended.id(), batch.more());
    return store.get(db, tenantId, ended.id());
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
            return enter(db, caller, session, to, false);
          }
          if (!caller.may(FORCE)) {
            throw new Problem.Denied(FORCE).raise();
          }
          var changes = Map.of("from", String.valueOf(session.phase()), "to", to.name());
          audit.record(
              db,
              caller,
              new AuditRecord(attempt.method(), "session", session.id().toString(), changes));
          return enter(db, caller, session, to, true);
        });
  }

  /// Has a session whose row is locked enter a phase. The last one completes it, and ends its runs;
  /// the run that does so goes on to its own end.
  public Session enter(DSLContext db, Caller caller, Session session, Phase to, boolean force) {
    var tenant = caller.tenantId();
    var type = session.type();
    var from = session.phase();
    if (from == null || from == to || !type.has(to)) {
      throw refusal(session, to, "");
    }
    if (session.state() != SessionState.ACTIVE) {
      throw Moves.refusal(session, "ADVANCE");
    }
    if (!force && !type.rewinds(from, to)) {
      if (!type.follows(from, to)) {
        throw refusal(session, to, "");
      }
      needWhatItTakes(db, tenant, session, to);
    }
    if (to != Phase.DONE) {
      return enter(db, tenant, session, to, force, SessionState.ACTIVE);
    }
    var own = caller.run() == null ? null : caller.run().runId();
    var batch = runs.lock(db, tenant, session.id(), own);
    return end(
        db, tenant, batch, () -> enter(db, tenant, session, to, force, SessionState.COMPLETE));
  }

  private Session enter(
      DSLContext db, UUID tenantId, Session session, Phase to, boolean force, SessionState state) {
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

  /// Deletes a session with all that belongs to it. Its runs end before, whatever their workers are
  /// doing.
  public boolean delete(Caller caller, Attempt<Boolean> attempt, SessionRef ref, String etag) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var session = sessions.lockToDelete(db, caller, ref, etag);
          runs.end(db, caller.tenantId(), session.id());
          store.delete(db, caller.tenantId(), session.id());
          files.sessionDeleted(db, caller.tenantId(), session.id());
          audit.record(
              db,
              caller,
              new AuditRecord(attempt.method(), "session", session.id().toString(), Map.of()));
          return true;
        });
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

  /// Goes on ending the runs of sessions that had more than were ended with them, and returns how
  /// many such sessions there were.
  public int endRuns() {
    var found = database.read(db -> store.ending(db, BATCH));
    for (var each : found) {
      database.write(db -> endRuns(db, each.value1(), each.value2()));
    }
    return found.size();
  }

  private boolean endRuns(DSLContext db, UUID tenantId, UUID id) {
    if (!store.lockEnding(db, tenantId, id)) {
      return false;
    }
    var batch = runs.lock(db, tenantId, id, null);
    runs.cancel(db, batch);
    store.ending(db, tenantId, id, batch.more());
    return true;
  }

  private boolean expire(DSLContext db, UUID tenantId, UUID id) {
    var session = store.lockDue(db, tenantId, id);
    session.ifPresent(each -> move(db, tenantId, each, Transition.EXPIRE, EXPIRED));
    return session.isPresent();
  }
}
