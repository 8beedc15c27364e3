package dev.agentserver.agentrun.run;

import java.util.UUID;
import org.jooq.DSLContext;

/// Ends the runs whose answers nobody wants any more.
public final class StoppedMessages {
  private final RunStore store;
  private final Lifecycle lifecycle;

  StoppedMessages(RunStore store, Lifecycle lifecycle) {
    this.store = store;
    this.lifecycle = lifecycle;
  }

  /// The message of a run was stopped. Whoever writes a message says which run it is of, so a run
  /// of another conversation is left alone.
  public void stopped(DSLContext db, UUID tenantId, UUID runId, UUID conversationId) {
    store
        .lockWithKey(db, tenantId, runId)
        .filter(run -> conversationId.equals(run.key().conversationId()))
        .ifPresent(run -> lifecycle.cancel(db, run, null));
  }
}
