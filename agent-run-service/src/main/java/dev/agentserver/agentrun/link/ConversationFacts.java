package dev.agentserver.agentrun.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What conversation-service tells: what refers to a conversation that is deleted loses the link,
/// and a run whose message was stopped ends.
public final class ConversationFacts implements FactHandler {
  /// Hears that the message of a run was stopped.
  @FunctionalInterface
  public interface Stopped {
    void stopped(DSLContext db, UUID tenantId, UUID runId, UUID conversationId);
  }

  private final LinkStore links = new LinkStore();
  private final Stopped runs;

  public ConversationFacts(Stopped runs) {
    this.runs = runs;
  }

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      // One that was temporary is said to be purged only.
      case "conversation.deleted", "conversation.purged" ->
          links.forget(db, fact.tenantId(), UUID.fromString(fact.subjectId()));
      case "message.stopped" ->
          runs.stopped(db, fact.tenantId(), id(fact, "run_id"), id(fact, "conversation_id"));
      default -> {
        // Not of what is kept here.
      }
    }
  }

  private static UUID id(PulledFact fact, String name) {
    return UUID.fromString(fact.data().get(name));
  }
}
