package dev.agentserver.conversation.link;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The files that go with messages, found by the file.
final class AttachmentStore {
  /// Says that a file is there no more.
  ///
  /// @param messageId only in this one; null: wherever it went with a message
  void gone(DSLContext db, UUID tenantId, UUID fileId, @Nullable UUID messageId) {
    db.update(MESSAGE_ATTACHMENT)
        .set(MESSAGE_ATTACHMENT.DELETED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .where(MESSAGE_ATTACHMENT.TENANT_ID.eq(tenantId))
        .and(MESSAGE_ATTACHMENT.FILE_ID.eq(fileId))
        .and(MESSAGE_ATTACHMENT.DELETED_AT.isNull())
        .and(messageId == null ? noCondition() : MESSAGE_ATTACHMENT.MESSAGE_ID.eq(messageId))
        .execute();
  }

  /// Whether the caller may read a conversation with a message that the file goes with.
  boolean isReadable(DSLContext db, Caller caller, UUID fileId) {
    return db.fetchExists(
        selectOne()
            .from(MESSAGE_ATTACHMENT)
            .join(MESSAGE)
            .on(MESSAGE.TENANT_ID.eq(MESSAGE_ATTACHMENT.TENANT_ID))
            .and(MESSAGE.MESSAGE_ID.eq(MESSAGE_ATTACHMENT.MESSAGE_ID))
            .join(CONVERSATION)
            .on(CONVERSATION.TENANT_ID.eq(MESSAGE.TENANT_ID))
            .and(CONVERSATION.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
            .where(MESSAGE_ATTACHMENT.TENANT_ID.eq(caller.tenantId()))
            .and(MESSAGE_ATTACHMENT.FILE_ID.eq(fileId))
            .and(MESSAGE_ATTACHMENT.DELETED_AT.isNull())
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }

  /// Whether the caller may read one of these conversations.
  boolean isReadable(DSLContext db, Caller caller, Collection<UUID> conversationIds) {
    return !conversationIds.isEmpty()
        && db.fetchExists(
            selectOne()
                .from(CONVERSATION)
                .where(CONVERSATION.CONVERSATION_ID.in(conversationIds))
                .and(CONVERSATION.DELETED_AT.isNull())
                .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }
}
