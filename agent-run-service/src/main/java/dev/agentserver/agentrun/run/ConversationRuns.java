package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.link.ConversationFacts;
import dev.agentserver.agentrun.run.RunStore.Outcome;
import java.util.UUID;
import org.jooq.DSLContext;

/// Ends the runs whose answers nobody wants any more.
public final class ConversationRuns implements ConversationFacts.Runs {
  private final RunStore store;
  private final OpenRunStore open;
  private final Lifecycle lifecycle;

  ConversationRuns(RunStore store, OpenRunStore open, Lifecycle lifecycle) {
    this.store = store;
    this.open = open;
    this.lifecycle = lifecycle;
  }

  /// Whoever writes a message says which run it is of, so a run of another conversation is left
  /// alone.
  @Override
  public void stopped(DSLContext db, UUID tenantId, UUID runId, UUID conversationId) {
    store
        .place(db, tenantId, runId)
        .flatMap(place -> store.lockToEnd(db, place))
        .filter(run -> conversationId.equals(run.key().conversationId()))
        .ifPresent(run -> lifecycle.cancel(db, run, null));
  }

  /// At once, whatever their workers are doing: what is told of them goes to the conversation's
  /// stream, and that is the end of it. Those of a session have the session's.
  @Override
  public void deleted(DSLContext db, UUID tenantId, UUID conversationId) {
    store.lockKnownKey(db, tenantId, conversationId);
    open.lockOfConversation(db, tenantId, conversationId)
        .forEach(run -> lifecycle.end(db, run, RunState.CANCELLED, Outcome.NONE));
  }
}
