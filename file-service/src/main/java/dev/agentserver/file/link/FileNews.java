package dev.agentserver.file.link;

import dev.agentserver.kit.outbox.Outbox;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/// What others learn of files.
///
/// Facts: `file.deleted`, and `file.detached` with message_id when a file is taken from a message.
public final class FileNews {
  private final Outbox outbox;

  public FileNews(Outbox outbox) {
    this.outbox = outbox;
  }

  void deleted(DSLContext db, UUID tenantId, UUID fileId) {
    outbox.publish(db, tenantId, "file.deleted", fileId.toString(), Map.of());
  }

  void detached(DSLContext db, UUID tenantId, UUID fileId, UUID messageId) {
    outbox.publish(
        db,
        tenantId,
        "file.detached",
        fileId.toString(),
        Map.of("message_id", messageId.toString()));
  }
}
