package dev.agentserver.settings.history;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.history.Scheduled.State;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps changes until their time comes, and has them made then: each once, by one process,
/// whatever becomes of the others.
public final class Schedules {
  private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
  private static final int FAILURE = 1_024;

  /// Makes the changes in the transaction it is given, and says which revision they are.
  @FunctionalInterface
  public interface Maker {
    long make(DSLContext db, Scheduled change);
  }

  /// What a change could not be made for, although nothing was wrong with the database.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Scheduled change;

    Refusal(Scheduled change, ProblemException problem) {
      super(problem.getMessage(), problem, false, false);
      this.change = change;
    }
  }

  private final Space space;
  private final Database database;
  private final ScheduleStore store = new ScheduleStore();

  public Schedules(Space space, Database database) {
    this.space = space;
    this.database = database;
  }

  public Scheduled add(DSLContext db, Scheduled change) {
    store.insert(db, space, change);
    return store.find(db, space, change.tenantId(), change.id()).orElseThrow();
  }

  /// Fails with NOT_PENDING where its time has come.
  public Scheduled cancel(DSLContext db, UUID tenantId, UUID id) {
    var state = store.lock(db, space, tenantId, id).orElseThrow(() -> missing(id));
    if (state != State.PENDING) {
      throw new Problem.Refused(
              "NOT_PENDING",
              "the scheduled change is " + state,
              Map.of("id", id.toString(), "state", state.name()))
          .raise();
    }
    store.end(db, tenantId, id, State.CANCELLED, 0, "");
    return store.find(db, space, tenantId, id).orElseThrow(() -> missing(id));
  }

  /// The newest first.
  public List<Scheduled> list(UUID tenantId, boolean pending, @Nullable UUID after, int limit) {
    return database.read(db -> store.list(db, space, tenantId, pending, after, limit));
  }

  /// Makes whatever is due. Several processes may do so at once: who finds a change taken leaves
  /// it.
  public void makeDue(Maker maker) {
    while (makeNext(maker)) {
      // Until nothing is due.
    }
  }

  private boolean makeNext(Maker maker) {
    try {
      return database.write(
          db -> {
            var due = store.claim(db, space);
            due.ifPresent(change -> make(db, maker, change));
            return due.isPresent();
          });
    } catch (Refusal refusal) {
      var change = refusal.change;
      LOG.warn("scheduled change {} could not be made: {}", change.id(), refusal.getMessage());
      database.write(
          db -> {
            if (store.lock(db, space, change.tenantId(), change.id()).orElse(null)
                == State.PENDING) {
              store.end(db, change.tenantId(), change.id(), State.FAILED, 0, cause(refusal));
            }
            return true;
          });
      return true;
    }
  }

  private void make(DSLContext db, Maker maker, Scheduled change) {
    try {
      var revision = maker.make(db, change);
      store.end(db, change.tenantId(), change.id(), State.APPLIED, revision, "");
    } catch (ProblemException problem) {
      throw new Refusal(change, problem);
    }
  }

  private static String cause(Refusal refusal) {
    var message = String.valueOf(refusal.getMessage());
    return message.length() <= FAILURE ? message : message.substring(0, FAILURE);
  }

  private static RuntimeException missing(UUID id) {
    return new Problem.NotFound("scheduled change", id.toString()).raise();
  }
}
