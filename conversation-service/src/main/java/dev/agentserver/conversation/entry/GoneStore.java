package dev.agentserver.conversation.entry;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER_GONE;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// What is left of entries whose rows are gone.
final class GoneStore {
  /// Whose entry is gone, and since when.
  record Gone(UUID tenantId, UUID userId, OffsetDateTime at) {}

  /// Remembers the entries of conversations that are about to be removed. An entry of one from the
  /// trash has left its list when that was deleted.
  List<Gone> remember(DSLContext db, List<ConversationKey> conversations, Duration keep) {
    var gone = CONVERSATION_MEMBER_GONE;
    var at =
        when(CONVERSATION.DELETED_AT.isNull(), clock()).otherwise(CONVERSATION_MEMBER.CHANGED_AT);
    return db.insertInto(gone, gone.TENANT_ID, gone.USER_ID, gone.CONVERSATION_ID, gone.CHANGED_AT)
        .select(
            select(
                    CONVERSATION_MEMBER.TENANT_ID,
                    CONVERSATION_MEMBER.USER_ID,
                    CONVERSATION_MEMBER.CONVERSATION_ID,
                    at)
                .from(CONVERSATION)
                .join(CONVERSATION_MEMBER)
                .on(CONVERSATION_MEMBER.TENANT_ID.eq(CONVERSATION.TENANT_ID))
                .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(CONVERSATION.CONVERSATION_ID))
                .where(
                    row(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
                        .in(
                            conversations.stream()
                                .map(key -> row(key.tenantId(), key.conversationId()))
                                .toList()))
                .and(CONVERSATION.TEMPORARY.isFalse())
                .and(
                    CONVERSATION
                        .DELETED_AT
                        .isNull()
                        .or(CONVERSATION_MEMBER.CHANGED_AT.gt(ago(keep)))))
        .onConflict(gone.TENANT_ID, gone.USER_ID, gone.CONVERSATION_ID)
        .doUpdate()
        .set(gone.CHANGED_AT, excluded(gone.CHANGED_AT))
        .returningResult(gone.TENANT_ID, gone.USER_ID, gone.CHANGED_AT)
        .fetch(found -> new Gone(found.value1(), found.value2(), found.value3()));
  }

  /// Remembers that one user's entry is gone now, and returns when that was.
  OffsetDateTime remember(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    var gone = CONVERSATION_MEMBER_GONE;
    return db.insertInto(gone)
        .set(gone.TENANT_ID, tenantId)
        .set(gone.USER_ID, userId)
        .set(gone.CONVERSATION_ID, conversationId)
        .set(gone.CHANGED_AT, clock())
        .onConflict(gone.TENANT_ID, gone.USER_ID, gone.CONVERSATION_ID)
        .doUpdate()
        .set(gone.CHANGED_AT, excluded(gone.CHANGED_AT))
        .returningResult(gone.CHANGED_AT)
        .fetchSingle()
        .value1();
  }

  /// Removes the oldest of those that are older than `keep`, and returns how many.
  int forget(DSLContext db, Duration keep, int limit) {
    var gone = CONVERSATION_MEMBER_GONE;
    var old =
        select(gone.TENANT_ID, gone.USER_ID, gone.CONVERSATION_ID)
            .from(gone)
            .where(gone.CHANGED_AT.lt(ago(keep)))
            .orderBy(gone.CHANGED_AT)
            .limit(limit)
            .forUpdate()
            .skipLocked();
    return db.deleteFrom(gone)
        .where(row(gone.TENANT_ID, gone.USER_ID, gone.CONVERSATION_ID).in(old))
        .execute();
  }

  /// The time of the transaction's beginning can be looked up in an index, that of the clock
  /// cannot.
  private static Field<OffsetDateTime> ago(Duration time) {
    return currentOffsetDateTime().minus(DayToSecond.valueOf(time));
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
