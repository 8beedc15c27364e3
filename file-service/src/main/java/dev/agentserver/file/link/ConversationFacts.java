package dev.agentserver.file.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What conversation-service tells: which files its messages name, and what uses none any more. A
/// conversation in the trash still does, because it may come back.
public final class ConversationFacts implements FactHandler {
  private final LearnedLinks links;
  private final LinkStore store = new LinkStore();

  public ConversationFacts(LearnedLinks links) {
    this.links = links;
  }

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      case "message.attached" -> attached(db, fact);
      case "message.deleted" -> store.forgetMessage(db, fact.tenantId(), subject(fact));
      case "conversation.purged" -> store.forgetConversation(db, fact.tenantId(), subject(fact));
      default -> {
        // Not of files.
      }
    }
  }

  private void attached(DSLContext db, PulledFact fact) {
    var conversation = UUID.fromString(fact.data().get("conversation_id"));
    for (var file : fact.data().get("file_ids").split(",")) {
      links.learn(
          db,
          fact.tenantId(),
          Link.Use.inConversation(UUID.fromString(file), conversation, subject(fact)));
    }
  }

  private static UUID subject(PulledFact fact) {
    return UUID.fromString(fact.subjectId());
  }
}
