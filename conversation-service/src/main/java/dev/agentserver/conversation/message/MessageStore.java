package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.kit.identity.Caller;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/// Reads messages. A page is one statement, attachments and authorization included.
public final class MessageStore {
  /// A page holds at most this much content, so that 1,000 rows of 4 MiB are never in memory
  /// together.
  static final int PAGE_BYTES = 2 * 1024 * 1024;

  private static final String RUNNING_BYTES = "running_bytes";
  private static final String FETCHED = "fetched";

  /// Which messages: those at `from` and beyond, in the given direction.
  record Range(UUID conversationId, int from, boolean newestFirst, int size) {}

  /// The messages read, and whether there are more in the same direction.
  ///
  /// @param head the conversation's newest event at that moment
  record Slice(List<Message> messages, boolean more, long head) {}

  /// A message, and the conversation's newest event at that moment.
  record Found(Message message, long head) {}

  Optional<Found> find(DSLContext db, Caller caller, UUID messageId) {
    var head = head(MESSAGE.TENANT_ID, MESSAGE.CONVERSATION_ID);
    return db.select(MessageRows.columns(MESSAGE))
        .select(head)
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
        .and(MESSAGE.MESSAGE_ID.eq(messageId))
        .and(readable(caller, MESSAGE.CONVERSATION_ID))
        .fetchOptional(row -> new Found(MessageRows.message(MESSAGE, row), row.get(head)));
  }

  /// Messages by their ids, in the order of their creation, whoever asks.
  public List<Message> byIds(DSLContext db, UUID tenantId, Collection<UUID> messageIds) {
    return db.select(MessageRows.columns(MESSAGE))
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(tenantId))
        .and(MESSAGE.MESSAGE_ID.in(messageIds))
        .orderBy(MESSAGE.SEQ)
        .fetch(row -> MessageRows.message(MESSAGE, row));
  }

  /// The rows are cut first, then measured, and only those that fit into a page are read.
  Slice list(DSLContext db, Caller caller, Range range) {
    var candidate =
        select(MESSAGE.fields())
            .from(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
            .and(MESSAGE.CONVERSATION_ID.eq(range.conversationId()))
            .and(MESSAGE.BRANCH_NO.eq(AppendStore.FIRST_BRANCH))
            .and(
                range.newestFirst()
                    ? MESSAGE.DEPTH.le(range.from())
                    : MESSAGE.DEPTH.ge(range.from()))
            // Named by value, not by row: PostgreSQL then asks once, not for each message.
            .and(readable(caller, val(range.conversationId())))
            .orderBy(range.newestFirst() ? MESSAGE.DEPTH.desc() : MESSAGE.DEPTH.asc())
            .limit(range.size() + 1)
            .asTable(MESSAGE.as("candidate"));
    var row = MESSAGE.as("candidate");
    var running =
        sum(row.SIZE_BYTES)
            .over()
            .orderBy(range.newestFirst() ? row.DEPTH.desc() : row.DEPTH.asc());
    var page = MESSAGE.as("page");
    var measured =
        select(row.fields())
            .select(running.as(RUNNING_BYTES), count().over().as(FETCHED))
            .from(candidate)
            .asTable("page");
    var head = head(val(caller.tenantId()), val(range.conversationId()));
    var fetched = measured.field(FETCHED, Integer.class);
    var rows =
        db.select(MessageRows.columns(page))
            .select(fetched, head)
            .from(measured)
            .where(
                measured
                    .field(RUNNING_BYTES, Long.class)
                    .minus(page.SIZE_BYTES)
                    .lt((long) PAGE_BYTES))
            .orderBy(range.newestFirst() ? page.DEPTH.desc() : page.DEPTH.asc())
            .limit(range.size())
            .fetch();
    var more = !rows.isEmpty() && rows.getFirst().get(fetched) > rows.size();
    var last = rows.isEmpty() ? 0 : rows.getFirst().get(head);
    return new Slice(rows.map(found -> MessageRows.message(page, found)), more, last);
  }

  /// The newest event of a conversation that the caller may read; empty when there is none. Asked
  /// only when a page is empty.
  Optional<Long> head(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.LAST_EVENT_SEQ)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(readable(caller, val(conversationId)))
        .fetchOptional(CONVERSATION.LAST_EVENT_SEQ);
  }

  private static Field<Long> head(Field<UUID> tenantId, Field<UUID> conversationId) {
    var headed = CONVERSATION.as("headed");
    return field(
            select(headed.LAST_EVENT_SEQ)
                .from(headed)
                .where(headed.TENANT_ID.eq(tenantId))
                .and(headed.CONVERSATION_ID.eq(conversationId)))
        .as("head");
  }

  private static Condition readable(Caller caller, Field<UUID> conversationId) {
    return exists(
        selectOne()
            .from(CONVERSATION)
            .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION.DELETED_AT.isNull())
            .and(Access.READ.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)));
  }
}
