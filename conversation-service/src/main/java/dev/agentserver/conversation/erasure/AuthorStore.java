package dev.agentserver.conversation.erasure;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.SQLDataType.JSONB;

import dev.agentserver.conversation.hold.LegalHoldStore;
import dev.agentserver.conversation.message.Message;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Goes through the tenant's conversations and messages in the order of their ids: there is no
/// index by owner or author, which every message would pay for.
final class AuthorStore {
  /// Where the page after an id ends; empty on the last one.
  Optional<UUID> conversationPage(DSLContext db, UUID tenantId, @Nullable UUID after, int size) {
    return pageEnd(
        db,
        CONVERSATION,
        CONVERSATION.CONVERSATION_ID,
        range(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID, tenantId, after, null),
        size);
  }

  /// Whose owner this is, in a page. What is deleted and held stays as it is.
  List<UUID> owned(
      DSLContext db, UUID tenantId, UUID owner, @Nullable UUID after, @Nullable UUID until) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(range(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID, tenantId, after, until))
        .and(CONVERSATION.OWNER_ID.eq(owner))
        .and(
            CONVERSATION
                .DELETED_AT
                .isNull()
                .orNot(LegalHoldStore.held(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)))
        .orderBy(CONVERSATION.CONVERSATION_ID)
        .fetch(CONVERSATION.CONVERSATION_ID);
  }

  /// Where the page after an id ends; empty on the last one.
  Optional<UUID> messagePage(DSLContext db, UUID tenantId, @Nullable UUID after, int size) {
    return pageEnd(
        db,
        MESSAGE,
        MESSAGE.MESSAGE_ID,
        range(MESSAGE.TENANT_ID, MESSAGE.MESSAGE_ID, tenantId, after, null),
        size);
  }

  /// Lets nobody be the author of what this one wrote in a page, and no run its origin: runs go
  /// with their user. Returns how many there were.
  int forgetAuthor(
      DSLContext db, UUID tenantId, UUID author, @Nullable UUID after, @Nullable UUID until) {
    return db.update(MESSAGE)
        .set(MESSAGE.AUTHOR_ID, Message.NOBODY)
        .setNull(MESSAGE.RUN_ID)
        .where(range(MESSAGE.TENANT_ID, MESSAGE.MESSAGE_ID, tenantId, after, until))
        .and(MESSAGE.AUTHOR_ID.eq(author))
        .andNot(LegalHoldStore.held(MESSAGE.TENANT_ID, MESSAGE.CONVERSATION_ID))
        .execute();
  }

  /// Takes the user's memberships away, at most `limit`, but where the conversation is held.
  int leave(DSLContext db, UUID tenantId, UUID user, int limit) {
    var member = CONVERSATION_MEMBER;
    return db.deleteFrom(member)
        .where(
            row(member.TENANT_ID, member.CONVERSATION_ID, member.USER_ID)
                .in(
                    select(member.TENANT_ID, member.CONVERSATION_ID, member.USER_ID)
                        .from(member)
                        .where(member.TENANT_ID.eq(tenantId))
                        .and(member.USER_ID.eq(user))
                        .andNot(LegalHoldStore.held(member.TENANT_ID, member.CONVERSATION_ID))
                        .limit(limit)))
        .execute();
  }

  /// Lets events name nobody where they name this one, up to `limit` of them. Returns how many
  /// there were.
  int forgetNamed(DSLContext db, UUID tenantId, UUID user, int limit) {
    var named = CONVERSATION_EVENT.as("named");
    var events =
        select(named.TENANT_ID, named.CONVERSATION_ID, named.SEQ)
            .from(named)
            .where(named.TENANT_ID.eq(tenantId))
            .and(jsonbGetAttributeAsText(named.DATA, inline("user_id")).eq(user.toString()))
            .limit(limit);
    return db.update(CONVERSATION_EVENT)
        .set(
            CONVERSATION_EVENT.DATA,
            DSL.field("{0} - {1}", JSONB, CONVERSATION_EVENT.DATA, inline("user_id")))
        .where(
            row(
                    CONVERSATION_EVENT.TENANT_ID,
                    CONVERSATION_EVENT.CONVERSATION_ID,
                    CONVERSATION_EVENT.SEQ)
                .in(events))
        .execute();
  }

  private static Optional<UUID> pageEnd(
      DSLContext db, Table<?> table, Field<UUID> id, Condition which, int size) {
    return db.select(id)
        .from(table)
        .where(which)
        .orderBy(id)
        .offset(size - 1)
        .limit(1)
        .fetchOptional(id);
  }

  private static Condition range(
      Field<UUID> tenant,
      Field<UUID> id,
      UUID tenantId,
      @Nullable UUID after,
      @Nullable UUID until) {
    return tenant
        .eq(tenantId)
        .and(after == null ? noCondition() : id.gt(after))
        .and(until == null ? noCondition() : id.le(until));
  }
}
