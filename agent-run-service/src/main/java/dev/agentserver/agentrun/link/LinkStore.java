package dev.agentserver.agentrun.link;

import static dev.agentserver.agentrun.db.Tables.RUN;
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

  /// Locks the sessions of a conversation: before its runs.
  void lockSessions(DSLContext db, UUID tenantId, UUID conversationId) {
    db.select(SESSION.SESSION_ID)
        .from(SESSION)
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(SESSION.CONVERSATION_ID.eq(conversationId))
        .orderBy(SESSION.SESSION_ID)
        .forNoKeyUpdate()
        .fetch();
  }

  /// Whatever refers to a conversation does no more, nor to what was said there.
  void forget(DSLContext db, UUID tenantId, UUID conversationId) {
    db.update(RUN)
        .setNull(RUN.INPUT_MESSAGE_ID)
        .setNull(RUN.OUTPUT_MESSAGE_ID)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.CONVERSATION_ID.eq(conversationId))
        .execute();
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
