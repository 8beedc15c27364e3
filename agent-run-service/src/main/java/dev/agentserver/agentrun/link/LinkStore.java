package dev.agentserver.agentrun.link;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.noCondition;

import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The sessions and runs that refer to conversations, and what of a user files refer to. The ledger
/// keeps where something was used.
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

  /// The sessions of a user, by id.
  ///
  /// @param after the last of those before; null: from the first
  List<UUID> sessions(DSLContext db, UUID tenantId, UUID userId, @Nullable UUID after, int limit) {
    return db.select(SESSION.SESSION_ID)
        .from(SESSION)
        .where(SESSION.TENANT_ID.eq(tenantId))
        .and(SESSION.OWNER_ID.eq(userId))
        .and(after == null ? noCondition() : SESSION.SESSION_ID.gt(after))
        .orderBy(SESSION.SESSION_ID)
        .limit(limit)
        .fetch(SESSION.SESSION_ID);
  }

  /// The same of agents.
  List<UUID> agents(DSLContext db, UUID tenantId, UUID userId, @Nullable UUID after, int limit) {
    return db.select(AGENT.AGENT_ID)
        .from(AGENT)
        .where(AGENT.TENANT_ID.eq(tenantId))
        .and(AGENT.OWNER_ID.eq(userId))
        .and(after == null ? noCondition() : AGENT.AGENT_ID.gt(after))
        .orderBy(AGENT.AGENT_ID)
        .limit(limit)
        .fetch(AGENT.AGENT_ID);
  }
}
