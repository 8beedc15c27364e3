package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.RunStore.Outcome;
import dev.agentserver.kit.db.Database;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to runs by the passing of time: workers that are not heard of, deadlines, questions
/// that nobody answers.
public final class Sweeper {
  static final String NO_ANSWER = "INTERRUPT_EXPIRED";

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final int PAGE = 100;

  private final Database database;
  private final RunStore runs;
  private final DueStore due;
  private final Lifecycle lifecycle;

  Sweeper(Database database, RunStore runs, DueStore due, Lifecycle lifecycle) {
    this.database = database;
    this.runs = runs;
    this.due = due;
    this.lifecycle = lifecycle;
  }

  /// Looks after the runs whose time it is, and returns how many there were. A run that fails does
  /// not keep the others waiting.
  public int sweep() {
    var found = database.read(db -> due.list(db, PAGE));
    for (var place : found) {
      try {
        database.write(
            db -> {
              runs.lockToEnd(db, place).ifPresent(run -> look(db, run));
              return true;
            });
      } catch (RuntimeException failure) {
        LOG.warn("run {} could not be looked after", place.runId(), failure);
      }
    }
    return found.size();
  }

  /// It may have been heard of since it was listed.
  private void look(DSLContext db, Run run) {
    if (run.state().over()) {
      return;
    }
    var progress = run.progress();
    if (run.state() == RunState.CANCELLING) {
      if (passed(run, progress.leaseExpiresAt())) {
        lifecycle.endCancelled(db, run, Outcome.NONE);
      }
    } else if (passed(run, run.terms().deadlineAt())) {
      lifecycle.end(
          db, run, RunState.TIMED_OUT, Outcome.of("DEADLINE", "it was not done at its deadline"));
    } else if (passed(run, progress.leaseExpiresAt())) {
      lifecycle.retry(db, run, new Fault("LEASE_LOST", "nothing was heard of its worker"));
    } else if (passed(run, progress.actionExpiresAt())) {
      lifecycle.end(
          db, run, RunState.FAILED, Outcome.of(NO_ANSWER, "nobody answered its question"));
    }
  }

  private static boolean passed(Run run, @Nullable Instant time) {
    return time != null && !time.isAfter(run.readAt());
  }
}
