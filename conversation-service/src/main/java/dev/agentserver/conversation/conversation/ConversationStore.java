package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.NewConversation.Origin;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// Conversations one at a time: make, find, lock, change, remove.
final class ConversationStore {
  /// Which of them a look-up finds.
  enum Presence {
    LIVE,
    DELETED,
    ANY
  }

  /// Makes the conversation, its first branch and its owner's membership; returns when.
  ///
  /// @param lifetime after which it is purged; null: kept
  OffsetDateTime insert(
      DSLContext db,
      Caller caller,
      UUID id,
      Attributes attributes,
      boolean temporary,
      @Nullable Duration lifetime) {
    var now = db.select(clock()).fetchSingle().value1();
    db.insertInto(CONVERSATION)
        .set(CONVERSATION.TENANT_ID, caller.tenantId())
        .set(CONVERSATION.CONVERSATION_ID, id)
        .set(CONVERSATION.OWNER_ID, caller.principalId())
        .set(CONVERSATION.TITLE, attributes.title())
        .set(CONVERSATION.MODEL, attributes.model())
        .set(CONVERSATION.AGENT_ID, attributes.agentId())
        .set(CONVERSATION.TEMPORARY, temporary)
        .set(CONVERSATION.EXTERNAL_ID, attributes.externalId())
        .set(CONVERSATION.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(CONVERSATION.MESSAGE_COUNT, 0)
        .set(CONVERSATION.PREVIEW, "")
        .set(CONVERSATION.LAST_BRANCH_NO, 0)
        .set(CONVERSATION.LAST_EVENT_SEQ, 0L)
        .set(CONVERSATION.VERSION, 1L)
        .set(CONVERSATION.CREATED_AT, now)
        .set(CONVERSATION.UPDATED_AT, now)
        .set(CONVERSATION.LAST_ACTIVITY_AT, now)
        .set(CONVERSATION.LAST_EVENT_AT, now)
        .set(CONVERSATION.PURGE_AT, lifetime == null ? null : now.plus(lifetime))
        .execute();
    db.insertInto(BRANCH)
        .set(BRANCH.TENANT_ID, caller.tenantId())
        .set(BRANCH.CONVERSATION_ID, id)
        .set(BRANCH.BRANCH_NO, 0)
        .set(BRANCH.LEAF_DEPTH, -1)
        .execute();
    db.insertInto(CONVERSATION_MEMBER)
        .set(CONVERSATION_MEMBER.TENANT_ID, caller.tenantId())
        .set(CONVERSATION_MEMBER.CONVERSATION_ID, id)
        .set(CONVERSATION_MEMBER.USER_ID, caller.principalId())
        .set(CONVERSATION_MEMBER.ROLE, MemberRole.OWNER.name())
        .set(CONVERSATION_MEMBER.LAST_ACTIVITY_AT, now)
        .set(CONVERSATION_MEMBER.CHANGED_AT, now)
        .execute();
    return now;
  }

  /// Makes a new conversation of the caller's what it was where it comes from: another user's, and
  /// as old as it is. Nothing is of the future.
  void begin(DSLContext db, Caller caller, UUID id, Origin origin) {
    var member = CONVERSATION_MEMBER;
    var owner = origin.ownerId() == null ? caller.principalId() : origin.ownerId();
    var at =
        origin.createdAt() == null
            ? CONVERSATION.CREATED_AT
            : least(val(origin.createdAt().atOffset(ZoneOffset.UTC)), CONVERSATION.CREATED_AT);
    var begun =
        db.update(CONVERSATION)
            .set(CONVERSATION.OWNER_ID, owner)
            .set(CONVERSATION.CREATED_AT, at)
            .set(CONVERSATION.UPDATED_AT, at)
            .set(CONVERSATION.LAST_ACTIVITY_AT, at)
            .set(CONVERSATION.LISTED_AT, at)
            .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
            .and(CONVERSATION.CONVERSATION_ID.eq(id))
            .returningResult(CONVERSATION.CREATED_AT)
            .fetchSingle()
            .value1();
    db.update(member)
        .set(member.USER_ID, owner)
        .set(member.LAST_ACTIVITY_AT, begun)
        .where(member.TENANT_ID.eq(caller.tenantId()))
        .and(member.CONVERSATION_ID.eq(id))
        .execute();
  }

  Optional<Conversation> find(DSLContext db, Caller caller, Access access, UUID id) {
    return find(db, caller, access, CONVERSATION.CONVERSATION_ID.eq(id));
  }

  Optional<Conversation> findExternal(
      DSLContext db, Caller caller, Access access, String externalId) {
    return find(db, caller, access, CONVERSATION.EXTERNAL_ID.eq(externalId));
  }

  private static Optional<Conversation> find(
      DSLContext db, Caller caller, Access access, Condition which) {
    return db.select(ConversationRows.COLUMNS)
        .from(CONVERSATION)
        .leftJoin(CONVERSATION_MEMBER)
        .on(ownMembership(caller))
        .where(which)
        .and(presence(Presence.LIVE))
        .and(access.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .fetchOptional(ConversationRows::conversation);
  }

  /// The same, with the row locked until the transaction ends.
  Optional<Conversation> lock(
      DSLContext db, Caller caller, Access access, Presence presence, UUID id) {
    return db.select(ConversationRows.COLUMNS)
        .from(CONVERSATION)
        .leftJoin(CONVERSATION_MEMBER)
        .on(ownMembership(caller))
        .where(CONVERSATION.CONVERSATION_ID.eq(id))
        .and(presence(presence))
        .and(access.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .forNoKeyUpdate()
        .of(CONVERSATION)
        .fetchOptional(ConversationRows::conversation);
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.update(CONVERSATION)
        .set(CONVERSATION.TITLE, attributes.title())
        .set(CONVERSATION.MODEL, attributes.model())
        .set(CONVERSATION.AGENT_ID, attributes.agentId())
        .set(CONVERSATION.EXTERNAL_ID, attributes.externalId())
        .set(CONVERSATION.METADATA, JSONB.valueOf(MetadataJson.write(attributes.metadata())))
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .set(CONVERSATION.UPDATED_AT, clock())
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(id))
        .execute();
  }

  /// Puts it into the trash for that long.
  void markDeleted(DSLContext db, UUID tenantId, UUID id, Duration trash) {
    db.update(CONVERSATION)
        .set(CONVERSATION.DELETED_AT, clock())
        .set(CONVERSATION.PURGE_AT, clock().plus(DayToSecond.valueOf(trash)))
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(id))
        .execute();
  }

  /// Takes it out of the trash; a temporary one gets its lifetime anew.
  void markLive(DSLContext db, UUID tenantId, UUID id, @Nullable Duration lifetime) {
    db.update(CONVERSATION)
        .setNull(CONVERSATION.DELETED_AT)
        .set(
            CONVERSATION.PURGE_AT,
            lifetime == null
                ? DSL.castNull(CONVERSATION.PURGE_AT)
                : clock().plus(DayToSecond.valueOf(lifetime)))
        .set(CONVERSATION.VERSION, CONVERSATION.VERSION.plus(1))
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(id))
        .execute();
  }

  private static Condition ownMembership(Caller caller) {
    return CONVERSATION_MEMBER
        .TENANT_ID
        .eq(CONVERSATION.TENANT_ID)
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(CONVERSATION.CONVERSATION_ID))
        .and(CONVERSATION_MEMBER.USER_ID.eq(caller.principalId()));
  }

  private static Condition presence(Presence presence) {
    return switch (presence) {
      case LIVE -> CONVERSATION.DELETED_AT.isNull();
      case DELETED -> CONVERSATION.DELETED_AT.isNotNull();
      case ANY -> noCondition();
    };
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
