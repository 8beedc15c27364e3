package dev.agentserver.agentrun.link;

import static dev.agentserver.agentrun.db.Tables.SESSION;

import dev.agentserver.agentrun.db.DefaultSchema;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Table;

/// The rows that refer to conversations, in whatever tables there are.
final class LinkStore {
  private static final String TENANT = "tenant_id";
  private static final String CONVERSATION = "conversation_id";

  private final List<Table<?>> tables =
      DefaultSchema.DEFAULT_SCHEMA.getTables().stream()
          .filter(table -> table.field(TENANT, UUID.class) != null)
          .filter(table -> table.field(CONVERSATION, UUID.class) != null)
          .<Table<?>>map(table -> table)
          .toList();

  void forget(DSLContext db, UUID tenantId, UUID conversationId) {
    db.update(SESSION)
        .set(SESSION.ACTIVITY, SESSION.ACTIVITY.plus(1))
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(SESSION.CONVERSATION_ID.eq(conversationId))
        .execute();
    for (var table : tables) {
      var conversation = Objects.requireNonNull(table.field(CONVERSATION, UUID.class));
      db.update(table)
          .setNull(conversation)
          .where(Objects.requireNonNull(table.field(TENANT, UUID.class)).eq(tenantId))
          .and(conversation.eq(conversationId))
          .execute();
    }
  }
}
