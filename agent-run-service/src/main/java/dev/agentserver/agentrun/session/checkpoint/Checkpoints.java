package dev.agentserver.agentrun.session.checkpoint;

import dev.agentserver.agentrun.session.SessionRef;
import dev.agentserver.agentrun.session.SessionStore;
import dev.agentserver.agentrun.session.Sessions;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;

/// Adds checkpoints to sessions and notes which are complete.
public final class Checkpoints {
  /// The most that a session has.
  public static final int MOST = 1000;

  private final Database database;
  private final Writes writes;
  private final Sessions sessions;
  private final Supplier<Duration> lifetime;
  private final SessionStore touched = new SessionStore();
  private final CheckpointStore store = new CheckpointStore();

  /// @param lifetime after which a session fails if nothing happens
  public Checkpoints(
      Database database, Writes writes, Sessions sessions, Supplier<Duration> lifetime) {
    this.database = database;
    this.writes = writes;
    this.sessions = sessions;
    this.lifetime = lifetime;
  }

  /// @param number 0: after the last
  Checkpoint create(
      Caller caller,
      Attempt<Checkpoint> attempt,
      SessionRef ref,
      int number,
      String title,
      String description) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var id = lock(db, caller, ref);
          var tenant = caller.tenantId();
          var place = number == 0 ? store.last(db, tenant, id) + 1 : number;
          if (place > MOST) {
            throw Problem.invalid("number", "must be at most " + MOST);
          }
          insert(db, tenant, id, place, title, description);
          return find(db, tenant, id, place);
        });
  }

  private void insert(
      DSLContext db, UUID tenant, UUID session, int number, String title, String description) {
    try {
      store.insert(db, tenant, session, number, title, description);
    } catch (IntegrityConstraintViolationException e) {
      throw Constraints.violated(e).orElse("").equals("session_checkpoint_pk")
          ? new Problem.AlreadyExists("checkpoint", Integer.toString(number)).raise()
          : e;
    }
  }

  List<Checkpoint> list(Caller caller, SessionRef ref, int after, int limit) {
    return database.read(
        db -> store.list(db, caller.tenantId(), sessions.find(db, caller, ref).id(), after, limit));
  }

  /// All of a session.
  public List<Checkpoint> all(DSLContext db, UUID tenantId, UUID sessionId) {
    return store.list(db, tenantId, sessionId, 0, MOST);
  }

  Checkpoint complete(Caller caller, SessionRef ref, int number) {
    return database.write(
        db -> {
          var id = lock(db, caller, ref);
          store.complete(db, caller.tenantId(), id, number);
          return find(db, caller.tenantId(), id, number);
        });
  }

  boolean delete(Caller caller, SessionRef ref, int number) {
    return database.write(
        db -> {
          store.delete(db, caller.tenantId(), lock(db, caller, ref), number);
          return true;
        });
  }

  /// Makes these the checkpoints of a session whose row is locked.
  public void replace(DSLContext db, UUID tenantId, UUID sessionId, List<Checkpoint> checkpoints) {
    store.replace(db, tenantId, sessionId, checkpoints);
  }

  private UUID lock(DSLContext db, Caller caller, SessionRef ref) {
    var session = sessions.lockLive(db, caller, ref);
    touched.touch(db, caller.tenantId(), session.id(), lifetime.get());
    return session.id();
  }

  private Checkpoint find(DSLContext db, UUID tenant, UUID session, int number) {
    return store
        .find(db, tenant, session, number)
        .orElseThrow(() -> new Problem.NotFound("checkpoint", Integer.toString(number)).raise());
  }
}
