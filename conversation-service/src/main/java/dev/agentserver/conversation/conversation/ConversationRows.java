package dev.agentserver.conversation.conversation;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.conversation.Conversation.Activity;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.Conversation.Membership;
import dev.agentserver.conversation.db.tables.Message;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.State;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// A conversation's row beside the caller's membership, and the conversation it is.
public final class ConversationRows {
  private static final String OWN_ROLE = Role.USER.name().toLowerCase(Locale.ROOT);

  /// Answered from the index by the number of the first message that was not read, in most cases.
  private static final Field<Boolean> UNREAD = field(unread()).as("unread");

  /// As far as anybody cares: a list shows "99+".
  private static final int MOST_UNREAD = 100;

  /// No list is slower for what was never read: no more messages than these are looked at.
  private static final int LOOKED_AT = 200;

  private static final Field<Integer> UNREAD_MESSAGES = unreadMessages().as("unread_messages");

  public static final List<Field<?>> COLUMNS =
      List.of(
          CONVERSATION.CONVERSATION_ID,
          CONVERSATION.OWNER_ID,
          CONVERSATION.TITLE,
          CONVERSATION.MODEL,
          CONVERSATION.AGENT_ID,
          CONVERSATION.EXTERNAL_ID,
          CONVERSATION.METADATA,
          CONVERSATION.TEMPORARY,
          CONVERSATION.MESSAGE_COUNT,
          CONVERSATION.PREVIEW,
          CONVERSATION.LAST_ACTIVITY_AT,
          CONVERSATION.LAST_EVENT_SEQ,
          CONVERSATION.VERSION,
          CONVERSATION.CREATED_AT,
          CONVERSATION.UPDATED_AT,
          CONVERSATION.DELETED_AT,
          CONVERSATION.PURGE_AT,
          CONVERSATION.TENANT_ROLE,
          CONVERSATION_MEMBER.ROLE,
          CONVERSATION_MEMBER.ARCHIVED,
          CONVERSATION_MEMBER.PINNED,
          CONVERSATION_MEMBER.LAST_READ_SEQ,
          UNREAD,
          UNREAD_MESSAGES,
          CONVERSATION_MEMBER.ACTIVE_BRANCH_NO);

  private ConversationRows() {}

  public static Conversation conversation(Record row) {
    return new Conversation(
        row.get(CONVERSATION.CONVERSATION_ID),
        row.get(CONVERSATION.OWNER_ID),
        new Attributes(
            row.get(CONVERSATION.TITLE),
            row.get(CONVERSATION.MODEL),
            row.get(CONVERSATION.AGENT_ID),
            row.get(CONVERSATION.EXTERNAL_ID),
            MetadataJson.read(row.get(CONVERSATION.METADATA).data())),
        row.get(CONVERSATION.TEMPORARY),
        new Activity(
            row.get(CONVERSATION.MESSAGE_COUNT),
            row.get(CONVERSATION.PREVIEW),
            row.get(CONVERSATION.LAST_ACTIVITY_AT).toInstant(),
            row.get(CONVERSATION.LAST_EVENT_SEQ)),
        membership(row),
        row.get(CONVERSATION.TENANT_ROLE) == null
            ? null
            : MemberRole.valueOf(row.get(CONVERSATION.TENANT_ROLE)),
        row.get(CONVERSATION.VERSION),
        row.get(CONVERSATION.CREATED_AT).toInstant(),
        row.get(CONVERSATION.UPDATED_AT).toInstant(),
        instant(row.get(CONVERSATION.DELETED_AT)),
        instant(row.get(CONVERSATION.PURGE_AT)));
  }

  private static @Nullable Membership membership(Record row) {
    var role = row.get(CONVERSATION_MEMBER.ROLE);
    return role == null
        ? null
        : new Membership(
            MemberRole.valueOf(role),
            row.get(CONVERSATION_MEMBER.ARCHIVED),
            row.get(CONVERSATION_MEMBER.PINNED),
            row.get(CONVERSATION_MEMBER.LAST_READ_SEQ),
            row.get(UNREAD),
            row.get(UNREAD_MESSAGES),
            row.get(CONVERSATION_MEMBER.ACTIVE_BRANCH_NO));
  }

  private static Condition unread() {
    var news = MESSAGE.as("news");
    return exists(selectOne().from(news).where(beyond(news)).and(toRead(news)));
  }

  private static Field<Integer> unreadMessages() {
    var news = MESSAGE.as("next_news");
    var next =
        select(field(toRead(news)).as("to_read"))
            .from(news)
            .where(beyond(news))
            .orderBy(news.SEQ)
            .limit(LOOKED_AT)
            .asTable("looked_at");
    var count = select(count().filterWhere(condition(next.field("to_read", Boolean.class))));
    return least(field(count.from(next)), inline(MOST_UNREAD));
  }

  private static Condition beyond(Message news) {
    return news.TENANT_ID
        .eq(CONVERSATION.TENANT_ID)
        .and(news.CONVERSATION_ID.eq(CONVERSATION.CONVERSATION_ID))
        .and(news.SEQ.gt(CONVERSATION_MEMBER.LAST_READ_SEQ));
  }

  /// What was deleted is nothing to read, nor are one's own words.
  private static Condition toRead(Message news) {
    var ownWords = news.ROLE.eq(OWN_ROLE).and(news.AUTHOR_ID.eq(CONVERSATION_MEMBER.USER_ID));
    return news.STATE.ne(State.REDACTED.name()).andNot(ownWords);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
