package dev.agentserver.conversation.sidebar;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER_GONE;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.conversation.ConversationRows;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Row2;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The entries of one user's list in the order in which they changed.
final class SidebarStore {
  /// Where an entry is in that order.
  record Position(Instant changedAt, UUID conversationId) {
    private static final UUID LAST = new UUID(-1, -1);

    /// After everything that changed at or before a time.
    static Position after(Instant time) {
      return new Position(time, LAST);
    }
  }

  /// An entry as it is now.
  ///
  /// @param conversation null: it is in the list no more
  record Entry(Position position, @Nullable Conversation conversation) {}

  Instant now(DSLContext db) {
    return db.select(DSL.function("clock_timestamp", OffsetDateTime.class))
        .fetchSingle()
        .value1()
        .toInstant();
  }

  /// The entries that changed after a position: live ones, deleted ones and those whose rows are
  /// gone.
  List<Entry> changed(DSLContext db, StreamKey user, Position after, int limit) {
    var keys = entries(user, after, limit).unionAll(gone(user, after, limit)).asTable("keys");
    var id = keys.field(CONVERSATION_MEMBER.CONVERSATION_ID);
    var changedAt = keys.field(CONVERSATION_MEMBER.CHANGED_AT);
    return db.select(ConversationRows.COLUMNS)
        .select(id.as("entry_id"), changedAt.as("entry_changed_at"))
        .from(keys)
        .leftJoin(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(user.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(id))
        .leftJoin(CONVERSATION_MEMBER)
        .on(CONVERSATION_MEMBER.TENANT_ID.eq(user.tenantId()))
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(id))
        .and(CONVERSATION_MEMBER.USER_ID.eq(user.id()))
        .orderBy(changedAt, id)
        .limit(limit)
        .fetch(SidebarStore::entry);
  }

  private static Entry entry(Record row) {
    var position =
        new Position(
            row.get("entry_changed_at", OffsetDateTime.class).toInstant(),
            row.get("entry_id", UUID.class));
    var member = row.get(CONVERSATION_MEMBER.ROLE) != null;
    return new Entry(position, member ? ConversationRows.conversation(row) : null);
  }

  private static Select<Record2<UUID, OffsetDateTime>> entries(
      StreamKey user, Position after, int limit) {
    var entry = CONVERSATION_MEMBER.as("entry");
    return select(entry.CONVERSATION_ID, entry.CHANGED_AT)
        .from(entry)
        .where(entry.TENANT_ID.eq(user.tenantId()))
        .and(entry.USER_ID.eq(user.id()))
        .and(row(entry.CHANGED_AT, entry.CONVERSATION_ID).gt(values(after)))
        .orderBy(entry.CHANGED_AT, entry.CONVERSATION_ID)
        .limit(limit);
  }

  /// An entry that is back does not count as gone.
  private static Select<Record2<UUID, OffsetDateTime>> gone(
      StreamKey user, Position after, int limit) {
    var gone = CONVERSATION_MEMBER_GONE;
    return select(gone.CONVERSATION_ID, gone.CHANGED_AT)
        .from(gone)
        .where(gone.TENANT_ID.eq(user.tenantId()))
        .and(gone.USER_ID.eq(user.id()))
        .and(row(gone.CHANGED_AT, gone.CONVERSATION_ID).gt(values(after)))
        .and(notExists(back(user, gone.CONVERSATION_ID)))
        .orderBy(gone.CHANGED_AT, gone.CONVERSATION_ID)
        .limit(limit);
  }

  private static Select<?> back(StreamKey user, Field<UUID> conversationId) {
    var back = CONVERSATION_MEMBER.as("back");
    return selectOne()
        .from(back)
        .where(back.TENANT_ID.eq(user.tenantId()))
        .and(back.CONVERSATION_ID.eq(conversationId))
        .and(back.USER_ID.eq(user.id()));
  }

  private static Row2<OffsetDateTime, UUID> values(Position position) {
    return row(val(position.changedAt().atOffset(ZoneOffset.UTC)), val(position.conversationId()));
  }
}
