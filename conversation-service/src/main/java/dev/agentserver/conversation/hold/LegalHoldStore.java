package dev.agentserver.conversation.hold;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.LEGAL_HOLD;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record5;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of holds. A conversation's row does not go while it has one: the foreign key does not
/// cascade.
public final class LegalHoldStore {
  /// True of the conversations that are held.
  public static Condition held(Field<UUID> tenantId, Field<UUID> conversationId) {
    return exists(
        selectOne()
            .from(LEGAL_HOLD)
            .where(LEGAL_HOLD.TENANT_ID.eq(tenantId))
            .and(LEGAL_HOLD.CONVERSATION_ID.eq(conversationId)));
  }

  public boolean isHeld(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.fetchExists(LEGAL_HOLD, is(tenantId, conversationId));
  }

  /// Whether anything of the tenant is held.
  public boolean any(DSLContext db, UUID tenantId) {
    return db.fetchExists(LEGAL_HOLD, LEGAL_HOLD.TENANT_ID.eq(tenantId));
  }

  /// Locks the conversation, in the trash or not, against a purge; false when there is none.
  boolean lock(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .forNoKeyUpdate()
        .fetchOptional()
        .isPresent();
  }

  LegalHold place(DSLContext db, UUID tenantId, UUID conversationId, String reason) {
    db.insertInto(LEGAL_HOLD)
        .set(LEGAL_HOLD.TENANT_ID, tenantId)
        .set(LEGAL_HOLD.CONVERSATION_ID, conversationId)
        .set(LEGAL_HOLD.REASON, reason)
        .set(LEGAL_HOLD.CREATED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .onConflict(LEGAL_HOLD.TENANT_ID, LEGAL_HOLD.CONVERSATION_ID)
        .doUpdate()
        .set(LEGAL_HOLD.REASON, reason)
        .execute();
    return holds(db, tenantId)
        .and(LEGAL_HOLD.CONVERSATION_ID.eq(conversationId))
        .fetchSingle(LegalHoldStore::hold);
  }

  boolean release(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.deleteFrom(LEGAL_HOLD).where(is(tenantId, conversationId)).execute() == 1;
  }

  /// Those beyond a conversation's id, in the order of these ids.
  ///
  /// @param owner of this owner's; null: of everybody's
  List<LegalHold> list(
      DSLContext db, UUID tenantId, @Nullable UUID owner, @Nullable UUID after, int limit) {
    return holds(db, tenantId)
        .and(owner == null ? noCondition() : CONVERSATION.OWNER_ID.eq(owner))
        .and(after == null ? noCondition() : LEGAL_HOLD.CONVERSATION_ID.gt(after))
        .orderBy(LEGAL_HOLD.CONVERSATION_ID)
        .limit(limit)
        .fetch(LegalHoldStore::hold);
  }

  private static SelectConditionStep<Record5<UUID, String, OffsetDateTime, UUID, OffsetDateTime>>
      holds(DSLContext db, UUID tenantId) {
    return db.select(
            LEGAL_HOLD.CONVERSATION_ID,
            LEGAL_HOLD.REASON,
            LEGAL_HOLD.CREATED_AT,
            CONVERSATION.OWNER_ID,
            CONVERSATION.DELETED_AT)
        .from(LEGAL_HOLD)
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(LEGAL_HOLD.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(LEGAL_HOLD.CONVERSATION_ID))
        .where(LEGAL_HOLD.TENANT_ID.eq(tenantId));
  }

  private static LegalHold hold(Record5<UUID, String, OffsetDateTime, UUID, OffsetDateTime> row) {
    var hidden = row.value5();
    return new LegalHold(
        row.value1(),
        row.value2(),
        row.value3().toInstant(),
        row.value4(),
        hidden == null ? null : hidden.toInstant());
  }

  private static Condition is(UUID tenantId, UUID conversationId) {
    return LEGAL_HOLD.TENANT_ID.eq(tenantId).and(LEGAL_HOLD.CONVERSATION_ID.eq(conversationId));
  }
}
