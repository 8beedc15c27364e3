package dev.agentserver.conversation.entry;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of members, as entries of their lists. What changes one says so in `changed_at`.
final class EntryStore {
  /// Whose entry changed, and when.
  record Changed(UUID userId, OffsetDateTime at) {}

  List<Changed> touch(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.CHANGED_AT, clock())
        .where(of(tenantId, conversationId))
        .returningResult(CONVERSATION_MEMBER.USER_ID, CONVERSATION_MEMBER.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  /// One member's entry.
  List<Changed> touch(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    return db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.CHANGED_AT, clock())
        .where(of(tenantId, conversationId))
        .and(CONVERSATION_MEMBER.USER_ID.eq(userId))
        .returningResult(CONVERSATION_MEMBER.USER_ID, CONVERSATION_MEMBER.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  /// Changes what is not as it should be; null is as it is.
  List<Changed> arrange(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      @Nullable Boolean archived,
      @Nullable Boolean pinned) {
    var member = CONVERSATION_MEMBER;
    var away = archived == null ? member.ARCHIVED : val(archived);
    var top = pinned == null ? member.PINNED : val(pinned);
    return db.update(member)
        .set(member.ARCHIVED, away)
        .set(member.PINNED, top)
        .set(member.CHANGED_AT, clock())
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(member.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(member.CONVERSATION_ID))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(of(caller.tenantId(), conversationId))
        .and(member.USER_ID.eq(caller.principalId()))
        .and(member.ARCHIVED.ne(away).or(member.PINNED.ne(top)))
        .returningResult(member.USER_ID, member.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  /// Moves up the entries whose members last heard of activity before `due`, and notes in the
  /// conversation, which the caller has locked, that they have heard of it.
  List<Changed> moveUp(
      DSLContext db, UUID tenantId, UUID conversationId, OffsetDateTime at, OffsetDateTime due) {
    db.update(CONVERSATION)
        .set(CONVERSATION.LISTED_AT, at)
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .execute();
    return db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.LAST_ACTIVITY_AT, at)
        .set(CONVERSATION_MEMBER.CHANGED_AT, clock())
        .where(of(tenantId, conversationId))
        .and(CONVERSATION_MEMBER.LAST_ACTIVITY_AT.lt(due))
        .returningResult(CONVERSATION_MEMBER.USER_ID, CONVERSATION_MEMBER.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  /// Raises how far the caller has read, and never lowers it.
  ///
  /// @param throughSeq 0, or beyond the newest event: everything
  List<Changed> markRead(DSLContext db, Caller caller, UUID conversationId, long throughSeq) {
    Field<Long> read =
        throughSeq == 0
            ? CONVERSATION.LAST_EVENT_SEQ
            : least(val(throughSeq), CONVERSATION.LAST_EVENT_SEQ);
    return db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.LAST_READ_SEQ, read)
        .set(CONVERSATION_MEMBER.CHANGED_AT, clock())
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(CONVERSATION_MEMBER.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(CONVERSATION_MEMBER.CONVERSATION_ID))
        .and(of(caller.tenantId(), conversationId))
        .and(CONVERSATION_MEMBER.USER_ID.eq(caller.principalId()))
        .and(CONVERSATION_MEMBER.LAST_READ_SEQ.lt(read))
        .returningResult(CONVERSATION_MEMBER.USER_ID, CONVERSATION_MEMBER.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  /// Puts a member on a branch.
  List<Changed> goTo(DSLContext db, UUID tenantId, UUID conversationId, UUID userId, int branchNo) {
    return db.update(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.ACTIVE_BRANCH_NO, branchNo)
        .set(CONVERSATION_MEMBER.CHANGED_AT, clock())
        .where(of(tenantId, conversationId))
        .and(CONVERSATION_MEMBER.USER_ID.eq(userId))
        .and(CONVERSATION_MEMBER.ACTIVE_BRANCH_NO.ne(branchNo))
        .returningResult(CONVERSATION_MEMBER.USER_ID, CONVERSATION_MEMBER.CHANGED_AT)
        .fetch(row -> new Changed(row.value1(), row.value2()));
  }

  private static Condition of(UUID tenantId, UUID conversationId) {
    return CONVERSATION_MEMBER
        .TENANT_ID
        .eq(tenantId)
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(conversationId));
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
