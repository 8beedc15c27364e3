package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.RunNews.Category;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Has runs pause for a reason that is not theirs, and go on.
public final class RunPauses {
  private final RunStore store;
  private final Lifecycle lifecycle;
  private final RunFeed feed;

  RunPauses(RunStore store, Lifecycle lifecycle, RunFeed feed) {
    this.store = store;
    this.lifecycle = lifecycle;
    this.feed = feed;
  }

  /// A run that waits for a worker is paused, one that has a worker is told to. Returns false where
  /// it is in no state for that, or was told before.
  public boolean pause(DSLContext db, UUID tenantId, UUID runId, Map<String, String> why) {
    var run = locked(db, tenantId, runId).orElse(null);
    if (run == null
        || run.progress().pauseRequested()
        || (run.state() != RunState.QUEUED && run.state() != RunState.RUNNING)) {
      return false;
    }
    feed.append(db, run.key(), new RunNews(Category.LIFECYCLE, "run.pausing", null, why));
    if (run.state() == RunState.QUEUED) {
      lifecycle.pause(db, run);
    } else {
      store.requestPause(db, run, true);
    }
    return true;
  }

  /// A run that was paused, or told to, goes on.
  public void resume(DSLContext db, UUID tenantId, UUID runId) {
    locked(db, tenantId, runId)
        .ifPresent(
            run -> {
              if (run.state() == RunState.PAUSED) {
                lifecycle.proceed(db, run);
              } else if (run.state() == RunState.RUNNING) {
                store.requestPause(db, run, false);
              }
            });
  }

  private Optional<Run> locked(DSLContext db, UUID tenantId, UUID runId) {
    return store.place(db, tenantId, runId).flatMap(place -> store.lockToEnd(db, place));
  }
}
