package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static org.jooq.impl.DSL.row;

import dev.agentserver.conversation.entry.ConversationKey;
import dev.agentserver.conversation.hold.LegalHoldStore;
import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/// Finds conversations whose time is over, across tenants, and removes conversations.
final class TrashStore {
  /// Locks the longest overdue ones that are not held; those another replica is removing are passed
  /// over.
  List<ConversationKey> lockDue(DSLContext db, int limit) {
    return db.select(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.PURGE_AT.le(DSL.function("clock_timestamp", OffsetDateTime.class)))
        .andNot(LegalHoldStore.held(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .orderBy(CONVERSATION.PURGE_AT)
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .fetch(Records.mapping(ConversationKey::new));
  }

  /// Removes them with everything in them.
  void purge(DSLContext db, List<ConversationKey> due) {
    if (due.isEmpty()) {
      return;
    }
    db.deleteFrom(CONVERSATION)
        .where(
            row(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
                .in(due.stream().map(one -> row(one.tenantId(), one.conversationId())).toList()))
        .execute();
  }
}
