package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Tagged;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// "My conversations": one statement from one index.
final class ConversationListStore {
  /// The sort key of a row: what a page token holds.
  record Position(Instant lastActivityAt, UUID conversationId) {}

  /// A conversation with its place in the list.
  record Listed(Conversation conversation, Position position) {}

  /// @param after the last row of the page before; null: from the top
  List<Listed> list(
      DSLContext db,
      Caller caller,
      ConversationFilter filter,
      @Nullable Position after,
      int limit) {
    return db.select(ConversationRows.COLUMNS)
        .select(CONVERSATION_MEMBER.LAST_ACTIVITY_AT)
        .from(CONVERSATION_MEMBER)
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(CONVERSATION_MEMBER.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(CONVERSATION_MEMBER.CONVERSATION_ID))
        .where(CONVERSATION_MEMBER.TENANT_ID.eq(caller.tenantId()))
        .and(CONVERSATION_MEMBER.USER_ID.eq(caller.principalId()))
        .and(CONVERSATION_MEMBER.ARCHIVED.eq(filter.archived()))
        .and(CONVERSATION.TEMPORARY.isFalse())
        .and(present(caller, filter))
        .and(times(filter))
        .and(attributes(caller, filter))
        .and(after == null ? noCondition() : beyond(after))
        .orderBy(
            CONVERSATION_MEMBER.LAST_ACTIVITY_AT.desc(), CONVERSATION_MEMBER.CONVERSATION_ID.desc())
        .limit(limit)
        .fetch(
            found ->
                new Listed(
                    ConversationRows.conversation(found),
                    new Position(
                        found.get(CONVERSATION_MEMBER.LAST_ACTIVITY_AT).toInstant(),
                        found.get(CONVERSATION.CONVERSATION_ID))));
  }

  private static Condition present(Caller caller, ConversationFilter filter) {
    var live = CONVERSATION.DELETED_AT.isNull();
    return filter.showDeleted() ? live.or(CONVERSATION.OWNER_ID.eq(caller.principalId())) : live;
  }

  private static Condition times(ConversationFilter filter) {
    var from =
        filter.startTime() == null
            ? noCondition()
            : CONVERSATION_MEMBER.LAST_ACTIVITY_AT.ge(at(filter.startTime()));
    return filter.endTime() == null
        ? from
        : from.and(CONVERSATION_MEMBER.LAST_ACTIVITY_AT.lt(at(filter.endTime())));
  }

  private static Condition attributes(Caller caller, ConversationFilter filter) {
    var condition = noCondition();
    if (filter.agentId() != null) {
      condition = condition.and(CONVERSATION.AGENT_ID.eq(filter.agentId()));
    }
    if (filter.pinned() != null) {
      condition = condition.and(CONVERSATION_MEMBER.PINNED.eq(filter.pinned()));
    }
    if (filter.shared() != null) {
      var own = CONVERSATION.OWNER_ID.eq(caller.principalId());
      condition = condition.and(filter.shared() ? own.not() : own);
    }
    if (filter.titleContains() != null) {
      condition = condition.and(CONVERSATION.TITLE.containsIgnoreCase(filter.titleContains()));
    }
    if (filter.externalId() != null) {
      condition = condition.and(CONVERSATION.EXTERNAL_ID.eq(filter.externalId()));
    }
    if (filter.tagId() != null) {
      condition = condition.and(Tagged.with(caller, filter.tagId()));
    }
    for (var pair : filter.metadata().entrySet()) {
      condition =
          condition.and(
              jsonbGetAttributeAsText(CONVERSATION.METADATA, pair.getKey()).eq(pair.getValue()));
    }
    return condition;
  }

  /// Those shared with the whole tenant, the newest first.
  List<Conversation> sharedWithTenant(
      DSLContext db, Caller caller, @Nullable UUID after, int limit) {
    return db.select(ConversationRows.COLUMNS)
        .from(CONVERSATION)
        .leftJoin(CONVERSATION_MEMBER)
        .on(CONVERSATION_MEMBER.TENANT_ID.eq(CONVERSATION.TENANT_ID))
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(CONVERSATION.CONVERSATION_ID))
        .and(CONVERSATION_MEMBER.USER_ID.eq(caller.principalId()))
        .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
        .and(CONVERSATION.TENANT_ROLE.isNotNull())
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(CONVERSATION.TEMPORARY.isFalse())
        .and(after == null ? noCondition() : CONVERSATION.CONVERSATION_ID.lt(after))
        .orderBy(CONVERSATION.CONVERSATION_ID.desc())
        .limit(limit)
        .fetch(ConversationRows::conversation);
  }

  private static Condition beyond(Position after) {
    return row(CONVERSATION_MEMBER.LAST_ACTIVITY_AT, CONVERSATION_MEMBER.CONVERSATION_ID)
        .lt(row(val(at(after.lastActivityAt())), val(after.conversationId())));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
