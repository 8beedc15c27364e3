package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.run.RunStore.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Ends the runs of sessions that end.
public final class OpenRuns {
  private static final int MOST = 100;

  /// Runs that are locked, as many as are ended in one transaction.
  ///
  /// @param more whether there may be others
  public record Batch(List<Run> runs, boolean more) {
    /// Of a session that goes on.
    public static final Batch NONE = new Batch(List.of(), false);
  }

  private final RunStore store;
  private final OpenRunStore open;
  private final Lifecycle lifecycle;

  OpenRuns(RunStore store, OpenRunStore open, Lifecycle lifecycle) {
    this.store = store;
    this.open = open;
    this.lifecycle = lifecycle;
  }

  /// Locks runs of a session that were not told to end: the first ones, in a session whose row is
  /// locked.
  ///
  /// @param but the run that ends the session, and goes on to its own end; null: none does
  public Batch lock(DSLContext db, UUID tenantId, UUID sessionId, @Nullable UUID but) {
    return lock(db, tenantId, open.ofSession(db, tenantId, sessionId, but, false, MOST));
  }

  /// Cancels runs that are locked.
  public void cancel(DSLContext db, Batch batch) {
    batch.runs().forEach(run -> lifecycle.cancel(db, run, null));
  }

  /// Ends all of a session that is about to be deleted, whatever their workers are doing.
  public void end(DSLContext db, UUID tenantId, UUID sessionId) {
    Batch batch;
    do {
      var places = open.ofSession(db, tenantId, sessionId, null, true, MOST);
      batch = lock(db, tenantId, places);
      batch.runs().forEach(run -> lifecycle.end(db, run, RunState.CANCELLED, Outcome.NONE));
    } while (batch.more());
  }

  private Batch lock(DSLContext db, UUID tenantId, List<Place> places) {
    if (places.isEmpty()) {
      return Batch.NONE;
    }
    places.stream()
        .map(Place::concurrencyKey)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .forEach(key -> store.lockKnownKey(db, tenantId, key));
    var runs = open.lock(db, tenantId, places.stream().map(Place::runId).toList());
    return new Batch(runs, places.size() == MOST);
  }
}
