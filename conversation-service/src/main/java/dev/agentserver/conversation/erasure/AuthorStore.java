package dev.agentserver.conversation.erasure;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.conversation.message.Message;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
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

  /// Whose owner this is, in a page.
  List<UUID> owned(
      DSLContext db, UUID tenantId, UUID owner, @Nullable UUID after, @Nullable UUID until) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(range(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID, tenantId, after, until))
        .and(CONVERSATION.OWNER_ID.eq(owner))
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
