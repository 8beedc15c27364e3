package dev.agentserver.agentrun.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/// What conversation-service tells: what refers to a conversation that is deleted loses the link,
/// a run whose message was stopped ends, and what a message used comes into the ledger.
public final class ConversationFacts implements FactHandler {
  /// The runs, as they hear of conversations.
  public interface Runs {
    /// The message of a run was stopped.
    void stopped(DSLContext db, UUID tenantId, UUID runId, UUID conversationId);

    /// A conversation is no more. Sessions that refer to it are locked; runs still do.
    void deleted(DSLContext db, UUID tenantId, UUID conversationId);
  }

  /// The ledger, as it hears of messages. It writes by itself, and what it was told before once.
  public interface Usage {
    void record(List<PulledFact> facts);
  }

  private final LinkStore links = new LinkStore();
  private final GoneStore gone = new GoneStore();
  private final Runs runs;
  private final Usage usage;

  public ConversationFacts(Runs runs, Usage usage) {
    this.runs = runs;
    this.usage = usage;
  }

  @Override
  public void prepare(List<PulledFact> facts) {
    usage.record(facts.stream().filter(fact -> fact.type().equals("message.usage")).toList());
  }

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      // One that was temporary is said to be purged only.
      case "conversation.deleted", "conversation.purged" ->
          deleted(db, fact.tenantId(), UUID.fromString(fact.subjectId()));
      case "message.stopped" ->
          runs.stopped(db, fact.tenantId(), id(fact, "run_id"), id(fact, "conversation_id"));
      default -> {
        // Not of what is kept here.
      }
    }
  }

  private void deleted(DSLContext db, UUID tenantId, UUID conversationId) {
    links.lockSessions(db, tenantId, conversationId);
    gone.add(db, tenantId, conversationId);
    runs.deleted(db, tenantId, conversationId);
    links.forget(db, tenantId, conversationId);
  }

  private static UUID id(PulledFact fact, String name) {
    return UUID.fromString(fact.data().get(name));
  }
}
