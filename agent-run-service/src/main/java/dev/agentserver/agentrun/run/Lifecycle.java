package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.Run.Fault;
import dev.agentserver.agentrun.run.RunNews.Category;
import dev.agentserver.agentrun.run.RunStore.Outcome;
import dev.agentserver.kit.outbox.Outbox;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What happens to a run, and what follows from it: whoever follows or waits is told, the next run
/// of its conversation or session begins.
///
/// The caller has locked the run; where it may end or ask, its session and what it excludes others
/// about before it.
public final class Lifecycle {
  /// A queue of a tenant, which its workers listen to.
  record Queue(UUID tenantId, String name) {}

  private final RunStore store;
  private final Sessions sessions;
  private final RunFeed feed;
  private final RunBells bells;
  private final Outbox outbox;
  private final RunLimits limits;
  private final RandomGenerator random;

  Lifecycle(
      RunStore store,
      Sessions sessions,
      RunFeed feed,
      RunBells bells,
      Outbox outbox,
      RunLimits limits,
      RandomGenerator random) {
    this.store = store;
    this.sessions = sessions;
    this.feed = feed;
    this.bells = bells;
    this.outbox = outbox;
    this.limits = limits;
    this.random = random;
  }

  /// Tells of a run that is where it is now.
  void arrived(DSLContext db, Run run) {
    var facts = new TreeMap<String, String>();
    facts.put("state", run.state().name());
    facts.put("attempt", Integer.toString(run.progress().attempt()));
    if (run.progress().fault() != null) {
      facts.put("error_reason", run.progress().fault().reason());
    }
    var kind = "run." + run.state().name().toLowerCase(Locale.ROOT);
    feed.append(db, run.key(), new RunNews(Category.LIFECYCLE, kind, null, facts));
    bells.ring(db, run.id());
    if (run.state() == RunState.QUEUED) {
      bells.ring(db, new Queue(run.tenantId(), run.terms().queue()));
    }
  }

  /// Wakes whoever works on a run of which something else is wanted now.
  void wanted(DSLContext db, Run run) {
    bells.ring(db, run.id());
  }

  /// Back to whoever works on it: a worker, or the one who executes it.
  Run proceed(DSLContext db, Run run) {
    return told(
        db,
        run.terms().selfExecute()
            ? store.goOn(db, run, limits.lease())
            : store.queue(db, run, Duration.ZERO));
  }

  /// An attempt is over that did not end the run.
  ///
  /// @param why it ends the run where there is no attempt left
  Run retry(DSLContext db, Run run, Fault why) {
    if (!run.hasAttempts()) {
      return end(db, run, RunState.FAILED, new Outcome(why, null, null, null));
    }
    if (run.progress().pauseRequested()) {
      return told(db, store.pause(db, run));
    }
    var longest = limits.pauseAfter(run.progress().attempt()).toMillis();
    return told(db, store.queue(db, run, Duration.ofMillis(random.nextLong(longest + 1))));
  }

  /// Its worker lets go of it.
  Run letGo(DSLContext db, Run run) {
    if (run.state() == RunState.CANCELLING) {
      return endCancelled(db, run, Outcome.NONE);
    }
    if (run.progress().pauseRequested()) {
      return told(db, store.pause(db, run));
    }
    return run.terms().selfExecute()
        ? end(db, run, RunState.CANCELLED, Outcome.NONE)
        : told(db, store.giveBack(db, run));
  }

  Run pause(DSLContext db, Run run) {
    return told(db, store.pause(db, run));
  }

  /// Waits for people.
  Run await(DSLContext db, Run run, Duration patience) {
    var session = run.key().sessionId();
    if (session != null) {
      sessions.waits(db, run.tenantId(), session);
    }
    return told(db, store.await(db, run, patience));
  }

  /// People have answered.
  Run answered(DSLContext db, Run run) {
    noteAnswer(db, run);
    return proceed(db, run);
  }

  private void noteWork(DSLContext db, Run ended) {
    var session = ended.key().sessionId();
    if (session != null && !ended.progress().active().isZero()) {
      sessions.worked(db, ended.tenantId(), session, ended.progress().active());
    }
  }

  private void noteAnswer(DSLContext db, Run run) {
    var session = run.key().sessionId();
    if (session != null) {
      sessions.answered(db, run.tenantId(), session);
    }
  }

  Run leased(DSLContext db, Run run, UUID holder) {
    return told(db, store.lease(db, run, holder, limits.lease()));
  }

  /// Ends it where nobody works on it, and has its worker end it otherwise.
  ///
  /// @param supersededBy the run that takes its place; null: none
  Run cancel(DSLContext db, Run run, @Nullable UUID supersededBy) {
    return switch (run.state()) {
      case RUNNING -> told(db, store.cancelling(db, run, limits.grace(), supersededBy));
      case CANCELLING, SUCCEEDED, FAILED, CANCELLED, TIMED_OUT, SUPERSEDED -> run;
      case PENDING, QUEUED, REQUIRES_ACTION, PAUSED ->
          supersededBy == null
              ? end(db, run, RunState.CANCELLED, Outcome.NONE)
              : supersede(db, run, supersededBy);
    };
  }

  /// Ends it for another run, whatever its worker is doing.
  Run supersede(DSLContext db, Run run, UUID by) {
    return over(db, store.end(db, run, RunState.SUPERSEDED, Outcome.NONE, by));
  }

  /// The end of a run that was told to end.
  Run endCancelled(DSLContext db, Run run, Outcome outcome) {
    var by = run.progress().supersededBy();
    var state = by == null ? RunState.CANCELLED : RunState.SUPERSEDED;
    return over(db, store.end(db, run, state, outcome, by));
  }

  Run end(DSLContext db, Run run, RunState state, Outcome outcome) {
    return over(db, store.end(db, run, state, outcome, null));
  }

  private Run over(DSLContext db, Run ended) {
    if (store.cancelInterrupts(db, ended, reason(ended).equals(Sweeper.NO_ANSWER))) {
      noteAnswer(db, ended);
    }
    noteWork(db, ended);
    outbox.publish(
        db,
        ended.tenantId(),
        "run.completed",
        ended.id().toString(),
        Map.of("state", ended.state().name(), "user_id", ended.key().userId().toString()));
    arrived(db, ended);
    promote(db, ended);
    return ended;
  }

  /// Whoever ends a run begins the next of its key: both hold the key, so that none is forgotten.
  private void promote(DSLContext db, Run ended) {
    var key = ended.terms().concurrencyKey();
    if (key == null || store.active(db, ended.tenantId(), key).isPresent()) {
      return;
    }
    store
        .oldestPending(db, ended.tenantId(), key)
        .ifPresent(next -> told(db, store.queue(db, next, Duration.ZERO)));
  }

  private Run told(DSLContext db, Run run) {
    arrived(db, run);
    return run;
  }

  private static String reason(Run run) {
    return run.progress().fault() == null ? "" : run.progress().fault().reason();
  }
}
