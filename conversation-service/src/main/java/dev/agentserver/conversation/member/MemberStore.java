package dev.agentserver.conversation.member;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.tree.ActiveBranch;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record4;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of members. Whoever changes one holds the conversation's row, so that there is always
/// one owner, and never a member too many.
final class MemberStore {
  /// A conversation whose members are about to change.
  record Locked(UUID ownerId, OffsetDateTime lastActivityAt) {}

  /// Locks the conversation until the transaction ends; empty when the caller may not touch it so.
  Optional<Locked> lock(DSLContext db, Caller caller, Access access, UUID conversationId) {
    return db.select(CONVERSATION.OWNER_ID, CONVERSATION.LAST_ACTIVITY_AT)
        .from(CONVERSATION)
        .where(visible(caller, access, conversationId))
        .forNoKeyUpdate()
        .fetchOptional(row -> new Locked(row.value1(), row.value2()));
  }

  boolean readable(DSLContext db, Caller caller, UUID conversationId) {
    return db.fetchExists(CONVERSATION, visible(caller, Access.READ, conversationId));
  }

  /// Members beyond a user's id, in the order of their ids.
  List<Member> list(
      DSLContext db, UUID tenantId, UUID conversationId, @Nullable UUID after, int limit) {
    var member = CONVERSATION_MEMBER;
    return db.select(member.CONVERSATION_ID, member.USER_ID, member.ROLE, member.JOINED_AT)
        .from(member)
        .where(of(tenantId, conversationId))
        .and(after == null ? noCondition() : member.USER_ID.gt(after))
        .orderBy(member.USER_ID)
        .limit(limit)
        .fetch(MemberStore::member);
  }

  int count(DSLContext db, UUID tenantId, UUID conversationId) {
    return db.fetchCount(CONVERSATION_MEMBER, of(tenantId, conversationId));
  }

  /// Returns the new member, who begins where the owner is; empty when the user is one already.
  Optional<Member> insert(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      UUID userId,
      MemberRole role,
      OffsetDateTime lastActivityAt) {
    var member = CONVERSATION_MEMBER;
    return db.insertInto(member)
        .set(member.TENANT_ID, tenantId)
        .set(member.CONVERSATION_ID, conversationId)
        .set(member.USER_ID, userId)
        .set(member.ROLE, role.name())
        .set(member.ACTIVE_BRANCH_NO, ActiveBranch.ofOwner(val(tenantId), val(conversationId)))
        .set(member.LAST_ACTIVITY_AT, lastActivityAt)
        .set(member.CHANGED_AT, clock())
        .set(member.JOINED_AT, clock())
        .onConflictDoNothing()
        .returningResult(member.CONVERSATION_ID, member.USER_ID, member.ROLE, member.JOINED_AT)
        .fetchOptional(MemberStore::member);
  }

  /// Returns the member with the new role; empty when the user is none.
  Optional<Member> update(
      DSLContext db, UUID tenantId, UUID conversationId, UUID userId, MemberRole role) {
    var member = CONVERSATION_MEMBER;
    return db.update(member)
        .set(member.ROLE, role.name())
        .set(member.INHERITED, role == MemberRole.OWNER ? val(true) : member.INHERITED)
        .where(of(tenantId, conversationId))
        .and(member.USER_ID.eq(userId))
        .returningResult(member.CONVERSATION_ID, member.USER_ID, member.ROLE, member.JOINED_AT)
        .fetchOptional(MemberStore::member);
  }

  /// Returns whether the user was one.
  boolean delete(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    return db.deleteFrom(CONVERSATION_MEMBER)
            .where(of(tenantId, conversationId))
            .and(CONVERSATION_MEMBER.USER_ID.eq(userId))
            .execute()
        == 1;
  }

  void setOwner(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    db.update(CONVERSATION)
        .set(CONVERSATION.OWNER_ID, userId)
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .set(CONVERSATION.UPDATED_AT, clock())
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .execute();
  }

  private static Condition visible(Caller caller, Access access, UUID conversationId) {
    return CONVERSATION
        .CONVERSATION_ID
        .eq(conversationId)
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(access.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID));
  }

  private static Condition of(UUID tenantId, UUID conversationId) {
    return CONVERSATION_MEMBER
        .TENANT_ID
        .eq(tenantId)
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(conversationId));
  }

  private static Member member(Record4<UUID, UUID, String, OffsetDateTime> row) {
    return new Member(
        row.value1(), row.value2(), MemberRole.valueOf(row.value3()), row.value4().toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
