package dev.agentserver.file.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What conversation-service tells: a conversation that is purged uses no files any more. One in
/// the trash still does, because it may come back.
public final class ConversationFacts implements FactHandler {
  private final LinkStore store = new LinkStore();

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    if (fact.type().equals("conversation.purged")) {
      store.forget(db, fact.tenantId(), UUID.fromString(fact.subjectId()));
    }
  }
}
