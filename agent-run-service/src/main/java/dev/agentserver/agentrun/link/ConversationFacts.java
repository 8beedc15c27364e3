package dev.agentserver.agentrun.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What conversation-service tells: what refers to a conversation that is deleted loses the link.
/// One that was temporary is said to be purged only.
public final class ConversationFacts implements FactHandler {
  private final LinkStore links = new LinkStore();

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      case "conversation.deleted", "conversation.purged" ->
          links.forget(db, fact.tenantId(), UUID.fromString(fact.subjectId()));
      default -> {
        // Not of what is kept here.
      }
    }
  }
}
