package dev.agentserver.agentrun.link;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.SESSION;

import java.util.UUID;
import org.jooq.DSLContext;

/// The sessions and runs that refer to conversations. The ledger keeps where something was used.
final class LinkStore {
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
    db.update(SESSION)
        .setNull(SESSION.CONVERSATION_ID)
        .set(SESSION.ACTIVITY, SESSION.ACTIVITY.plus(1))
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(SESSION.CONVERSATION_ID.eq(conversationId))
        .execute();
    db.update(RUN)
        .setNull(RUN.CONVERSATION_ID)
        .setNull(RUN.INPUT_MESSAGE_ID)
        .setNull(RUN.OUTPUT_MESSAGE_ID)
        .where(RUN.TENANT_ID.eq(tenantId))
        .and(RUN.CONVERSATION_ID.eq(conversationId))
        .execute();
  }
}
