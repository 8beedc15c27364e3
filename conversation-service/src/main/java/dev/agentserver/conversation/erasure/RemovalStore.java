package dev.agentserver.conversation.erasure;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONTEXT_CHECKPOINT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_TAG;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE_FEEDBACK;
import static dev.agentserver.conversation.db.Tables.MESSAGE_SEARCH;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static dev.agentserver.conversation.db.Tables.SHARE_LINK;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.entry.ConversationKey;
import dev.agentserver.conversation.hold.LegalHoldStore;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.kit.erasure.Tally;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// Conversations that lose their owner: hands them on, hides them, and removes them in pieces.
final class RemovalStore {
  /// More than a removal takes: the sweeper of the trash must not come in between.
  private static final DayToSecond HIDDEN = DayToSecond.day("30");

  private final IndexStore index = new IndexStore();

  /// A conversation whose owner goes.
  record Owned(UUID ownerId, boolean deleted) {}

  /// Locks the conversation until the transaction ends; empty when it is gone.
  Optional<Owned> lock(DSLContext db, ConversationKey key) {
    return db.select(CONVERSATION.OWNER_ID, CONVERSATION.DELETED_AT)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(key.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(key.conversationId()))
        .forUpdate()
        .fetchOptional(found -> new Owned(found.value1(), found.value2() != null));
  }

  /// The editor who has been a member longest.
  Optional<UUID> heir(DSLContext db, ConversationKey key) {
    return db.select(CONVERSATION_MEMBER.USER_ID)
        .from(CONVERSATION_MEMBER)
        .where(CONVERSATION_MEMBER.TENANT_ID.eq(key.tenantId()))
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(key.conversationId()))
        .and(CONVERSATION_MEMBER.ROLE.eq(MemberRole.EDITOR.name()))
        .orderBy(CONVERSATION_MEMBER.JOINED_AT, CONVERSATION_MEMBER.USER_ID)
        .limit(1)
        .fetchOptional(CONVERSATION_MEMBER.USER_ID);
  }

  void handOn(DSLContext db, ConversationKey key, UUID heir) {
    db.update(CONVERSATION)
        .set(CONVERSATION.OWNER_ID, heir)
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .set(CONVERSATION.UPDATED_AT, clock())
        .where(CONVERSATION.TENANT_ID.eq(key.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(key.conversationId()))
        .execute();
    db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.ROLE, MemberRole.OWNER.name())
        .where(CONVERSATION_MEMBER.TENANT_ID.eq(key.tenantId()))
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(key.conversationId()))
        .and(CONVERSATION_MEMBER.USER_ID.eq(heir))
        .execute();
  }

  /// Hides a conversation.
  void hide(DSLContext db, ConversationKey key) {
    db.update(CONVERSATION)
        .set(CONVERSATION.DELETED_AT, clock())
        .set(CONVERSATION.PURGE_AT, clock().plus(HIDDEN))
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .where(CONVERSATION.TENANT_ID.eq(key.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(key.conversationId()))
        .execute();
  }

  /// Hides up to `limit` of the tenant's conversations, and returns how many.
  int hide(DSLContext db, UUID tenantId, int limit) {
    return db.update(CONVERSATION)
        .set(CONVERSATION.DELETED_AT, clock())
        .set(CONVERSATION.PURGE_AT, clock().plus(HIDDEN))
        .where(
            row(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
                .in(
                    select(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
                        .from(CONVERSATION)
                        .where(CONVERSATION.TENANT_ID.eq(tenantId))
                        .and(CONVERSATION.DELETED_AT.isNull())
                        .orderBy(CONVERSATION.CONVERSATION_ID)
                        .limit(limit)
                        .forUpdate()))
        .execute();
  }

  /// A conversation of the tenant that is not held.
  Optional<UUID> notHeld(DSLContext db, UUID tenantId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .andNot(LegalHoldStore.held(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .limit(1)
        .fetchOptional(CONVERSATION.CONVERSATION_ID);
  }

  /// Removes up to `limit` events, else up to `limit` messages; returns whether there were any.
  boolean removeContent(DSLContext db, ConversationKey key, int limit, Tally tally) {
    var events =
        select(
                CONVERSATION_EVENT.TENANT_ID,
                CONVERSATION_EVENT.CONVERSATION_ID,
                CONVERSATION_EVENT.SEQ)
            .from(CONVERSATION_EVENT)
            .where(CONVERSATION_EVENT.TENANT_ID.eq(key.tenantId()))
            .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(key.conversationId()))
            .orderBy(CONVERSATION_EVENT.SEQ)
            .limit(limit);
    var removed =
        db.deleteFrom(CONVERSATION_EVENT)
            .where(
                row(
                        CONVERSATION_EVENT.TENANT_ID,
                        CONVERSATION_EVENT.CONVERSATION_ID,
                        CONVERSATION_EVENT.SEQ)
                    .in(events))
            .execute();
    return tally.removed(CONVERSATION_EVENT, removed) > 0 || removeMessages(db, key, limit, tally);
  }

  private boolean removeMessages(DSLContext db, ConversationKey key, int limit, Tally tally) {
    var ids =
        db.select(MESSAGE.MESSAGE_ID)
            .from(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE.CONVERSATION_ID.eq(key.conversationId()))
            .orderBy(MESSAGE.SEQ)
            .limit(limit)
            .fetch(MESSAGE.MESSAGE_ID);
    if (ids.isEmpty()) {
      return false;
    }
    tally.removed(
        MESSAGE_FEEDBACK,
        db.deleteFrom(MESSAGE_FEEDBACK)
            .where(MESSAGE_FEEDBACK.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE_FEEDBACK.MESSAGE_ID.in(ids))
            .execute());
    tally.removed(
        MESSAGE_ATTACHMENT,
        db.deleteFrom(MESSAGE_ATTACHMENT)
            .where(MESSAGE_ATTACHMENT.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE_ATTACHMENT.MESSAGE_ID.in(ids))
            .execute());
    tally.removed(
        MESSAGE_STREAM,
        db.deleteFrom(MESSAGE_STREAM)
            .where(MESSAGE_STREAM.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE_STREAM.MESSAGE_ID.in(ids))
            .execute());
    tally.removed(MESSAGE_SEARCH, index.remove(db, key.tenantId(), ids));
    tally.removed(
        CONTEXT_CHECKPOINT,
        db.deleteFrom(CONTEXT_CHECKPOINT)
            .using(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE.MESSAGE_ID.in(ids))
            .and(CONTEXT_CHECKPOINT.TENANT_ID.eq(MESSAGE.TENANT_ID))
            .and(CONTEXT_CHECKPOINT.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
            .and(CONTEXT_CHECKPOINT.BRANCH_NO.eq(MESSAGE.BRANCH_NO))
            .and(CONTEXT_CHECKPOINT.DEPTH.eq(MESSAGE.DEPTH))
            .execute());
    tally.removed(
        MESSAGE,
        db.deleteFrom(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(key.tenantId()))
            .and(MESSAGE.MESSAGE_ID.in(ids))
            .execute());
    return true;
  }

  /// Removes what is left of a conversation without content: at most some thousand rows.
  void remove(DSLContext db, ConversationKey key, Tally tally) {
    tally.removed(
        CONVERSATION_TAG,
        db.deleteFrom(CONVERSATION_TAG)
            .where(CONVERSATION_TAG.TENANT_ID.eq(key.tenantId()))
            .and(CONVERSATION_TAG.CONVERSATION_ID.eq(key.conversationId()))
            .execute());
    tally.removed(
        SHARE_LINK,
        db.deleteFrom(SHARE_LINK)
            .where(SHARE_LINK.TENANT_ID.eq(key.tenantId()))
            .and(SHARE_LINK.CONVERSATION_ID.eq(key.conversationId()))
            .execute());
    tally.removed(
        BRANCH,
        db.deleteFrom(BRANCH)
            .where(BRANCH.TENANT_ID.eq(key.tenantId()))
            .and(BRANCH.CONVERSATION_ID.eq(key.conversationId()))
            .execute());
    tally.removed(
        CONVERSATION_MEMBER,
        db.deleteFrom(CONVERSATION_MEMBER)
            .where(CONVERSATION_MEMBER.TENANT_ID.eq(key.tenantId()))
            .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(key.conversationId()))
            .execute());
    tally.removed(
        CONVERSATION,
        db.deleteFrom(CONVERSATION)
            .where(CONVERSATION.TENANT_ID.eq(key.tenantId()))
            .and(CONVERSATION.CONVERSATION_ID.eq(key.conversationId()))
            .execute());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
