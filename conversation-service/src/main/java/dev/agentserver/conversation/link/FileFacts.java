package dev.agentserver.conversation.link;

import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import java.util.UUID;
import org.jooq.DSLContext;

/// What file-service tells: a file that was deleted, or taken from a message, is said so wherever
/// it went with one.
public final class FileFacts implements FactHandler {
  private final AttachmentStore store = new AttachmentStore();

  @Override
  public void apply(DSLContext db, PulledFact fact) {
    switch (fact.type()) {
      case "file.deleted" ->
          store.gone(db, fact.tenantId(), UUID.fromString(fact.subjectId()), null);
      case "file.detached" ->
          store.gone(
              db,
              fact.tenantId(),
              UUID.fromString(fact.subjectId()),
              UUID.fromString(fact.data().get("message_id")));
      default -> {
        // Not of what is kept here.
      }
    }
  }
}
