package dev.agentserver.agentrun.run;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/// What users do to runs that are under way.
final class Controls {
  private static final int PULLED = 16;

  private final Database database;
  private final Writes writes;
  private final RunStore store;
  private final Runs runs;
  private final Leases leases;
  private final InputStore inputs;
  private final Lifecycle lifecycle;

  Controls(
      Database database,
      Writes writes,
      RunStore store,
      Runs runs,
      Leases leases,
      InputStore inputs,
      Lifecycle lifecycle) {
    this.database = database;
    this.writes = writes;
    this.store = store;
    this.runs = runs;
    this.leases = leases;
    this.inputs = inputs;
    this.lifecycle = lifecycle;
  }

  Run cancel(Caller caller, Attempt<Run> attempt, UUID runId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          lifecycle.cancel(db, locked(db, caller, runId), null);
          return runs.find(db, caller, Access.WRITE, runId);
        });
  }

  Run pause(Caller caller, Attempt<Run> attempt, UUID runId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var run = locked(db, caller, runId);
          switch (run.state()) {
            case QUEUED -> lifecycle.pause(db, run);
            case RUNNING -> requestPause(db, run, true);
            case PAUSED -> {
              // It is.
            }
            default -> throw Runs.wrongState(run);
          }
          return runs.find(db, caller, Access.WRITE, runId);
        });
  }

  Run resume(Caller caller, Attempt<Run> attempt, UUID runId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var run = locked(db, caller, runId);
          switch (run.state()) {
            case PAUSED -> lifecycle.proceed(db, run);
            case RUNNING -> requestPause(db, run, false);
            case QUEUED -> {
              // It goes on by itself.
            }
            default -> throw Runs.wrongState(run);
          }
          return runs.find(db, caller, Access.WRITE, runId);
        });
  }

  Input send(Caller caller, Attempt<Input> attempt, UUID runId, String content) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var run = locked(db, caller, runId);
          if (run.state().over()) {
            throw Runs.wrongState(run);
          }
          if (run.progress().inputSeq() >= RunLimits.MAX_INPUTS) {
            throw Interrupts.tooMany("input", RunLimits.MAX_INPUTS);
          }
          lifecycle.wanted(db, run);
          return inputs.insert(db, run, caller.principalId(), content);
        });
  }

  /// What was sent to the run after an input, for whoever holds it.
  List<Input> inputs(Caller caller, UUID runId, long epoch, long after) {
    return database.write(
        db -> inputs.after(db, leases.held(db, caller, runId, epoch), after, PULLED));
  }

  private void requestPause(DSLContext db, Run run, boolean requested) {
    store.requestPause(db, run, requested);
    lifecycle.wanted(db, run);
  }

  private Run locked(DSLContext db, Caller caller, UUID runId) {
    var run = runs.find(db, caller, Access.WRITE, runId);
    return store.lockToEnd(db, Place.of(run)).orElseThrow(() -> Runs.missing(runId));
  }
}
