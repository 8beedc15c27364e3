package dev.agentserver.file.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What agent-run-service tells: which files its artifacts are, and which sessions and agents use
/// none any more.
public final class AgentRunFacts implements FactHandler {
  private final LearnedLinks links;
  private final LinkStore store = new LinkStore();

  public AgentRunFacts(LearnedLinks links) {
    this.links = links;
  }

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    var subject = fact.subjectId();
    switch (fact.type()) {
      case "artifact.put" -> {
        var conversation = fact.data().get("conversation_id");
        links.learn(
            db,
            fact.tenantId(),
            Link.Use.ofSession(
                file(fact),
                UUID.fromString(subject),
                conversation.isEmpty() ? null : UUID.fromString(conversation)));
      }
      case "artifact.dropped" ->
          store.forgetArtifact(db, fact.tenantId(), UUID.fromString(subject), file(fact));
      case "session.deleted" -> store.forgetSession(db, fact.tenantId(), UUID.fromString(subject));
      case "agent.deleted" -> store.forgetAgent(db, fact.tenantId(), UUID.fromString(subject));
      default -> {
        // Not of files.
      }
    }
  }

  private static UUID file(PulledFact fact) {
    return UUID.fromString(fact.data().get("file_id"));
  }
}
