package dev.agentserver.conversation.event;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static org.jooq.impl.DSL.greatest;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.impl.DSL;

/// The rows of events. Sequence numbers are allocated from the conversation's row, whose lock makes
/// the order of commits the order of numbers.
public final class EventStore {
  /// Numbers that were allocated: the last of them, and when the events happened.
  public record Allocated(long lastSeq, OffsetDateTime at) {}

  /// Allocates `count` numbers; empty when the conversation does not exist.
  public Optional<Allocated> allocate(
      DSLContext db, UUID tenantId, UUID conversationId, int count) {
    return db.update(CONVERSATION)
        .set(CONVERSATION.LAST_EVENT_SEQ, CONVERSATION.LAST_EVENT_SEQ.plus(count))
        .set(CONVERSATION.LAST_EVENT_AT, now())
        .where(CONVERSATION.TENANT_ID.eq(tenantId))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .returningResult(CONVERSATION.LAST_EVENT_SEQ, CONVERSATION.LAST_EVENT_AT)
        .fetchOptional(Records.mapping(Allocated::new));
  }

  /// When an event happens now: never before the one before it.
  public static Field<OffsetDateTime> now() {
    return greatest(
        CONVERSATION.LAST_EVENT_AT, DSL.function("clock_timestamp", OffsetDateTime.class));
  }

  /// Writes the events under numbers that were allocated, the last of which is `lastSeq`.
  public void insert(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      long lastSeq,
      OffsetDateTime at,
      List<EventRow> events) {
    db.insertInto(CONVERSATION_EVENT)
        .set(rows(db, tenantId, conversationId, lastSeq, at, events))
        .execute();
  }

  /// The rows that [#insert] writes, for a statement that writes those of several conversations.
  public List<Record> rows(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      long lastSeq,
      OffsetDateTime at,
      List<EventRow> events) {
    var rows = new ArrayList<Record>(events.size());
    var seq = lastSeq - events.size();
    for (var event : events) {
      seq++;
      rows.add(
          db.newRecord(CONVERSATION_EVENT)
              .with(CONVERSATION_EVENT.TENANT_ID, tenantId)
              .with(CONVERSATION_EVENT.CONVERSATION_ID, conversationId)
              .with(CONVERSATION_EVENT.SEQ, seq)
              .with(CONVERSATION_EVENT.TYPE, event.type().name())
              .with(CONVERSATION_EVENT.MESSAGE_ID, event.messageId())
              .with(CONVERSATION_EVENT.PART, event.part())
              .with(CONVERSATION_EVENT.PART_OFFSET, event.offset())
              .with(CONVERSATION_EVENT.CONTENT, event.content())
              .with(CONVERSATION_EVENT.DATA, JSONB.jsonbOrNull(event.data()))
              .with(CONVERSATION_EVENT.CREATED_AT, at));
    }
    return rows;
  }

  /// The events after a number, in order.
  public List<StoredEvent> read(
      DSLContext db, UUID tenantId, UUID conversationId, long after, int limit) {
    return db.select(columns())
        .from(CONVERSATION_EVENT)
        .where(CONVERSATION_EVENT.TENANT_ID.eq(tenantId))
        .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION_EVENT.SEQ.gt(after))
        .orderBy(CONVERSATION_EVENT.SEQ)
        .limit(limit)
        .fetch(EventStore::event);
  }

  /// The events of one message in (after, upTo], in order: what its parts grew by.
  public List<StoredEvent> ofMessage(
      DSLContext db, UUID tenantId, UUID conversationId, UUID messageId, long after, long upTo) {
    return db.select(columns())
        .from(CONVERSATION_EVENT)
        .where(CONVERSATION_EVENT.TENANT_ID.eq(tenantId))
        .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION_EVENT.SEQ.gt(after))
        .and(CONVERSATION_EVENT.SEQ.le(upTo))
        .and(CONVERSATION_EVENT.MESSAGE_ID.eq(messageId))
        .orderBy(CONVERSATION_EVENT.SEQ)
        .fetch(EventStore::event);
  }

  private static List<Field<?>> columns() {
    return List.of(
        CONVERSATION_EVENT.SEQ,
        CONVERSATION_EVENT.CREATED_AT,
        CONVERSATION_EVENT.TYPE,
        CONVERSATION_EVENT.MESSAGE_ID,
        CONVERSATION_EVENT.PART,
        CONVERSATION_EVENT.PART_OFFSET,
        CONVERSATION_EVENT.CONTENT,
        CONVERSATION_EVENT.DATA);
  }

  private static StoredEvent event(Record row) {
    var data = row.get(CONVERSATION_EVENT.DATA);
    return new StoredEvent(
        row.get(CONVERSATION_EVENT.SEQ),
        row.get(CONVERSATION_EVENT.CREATED_AT).toInstant(),
        new EventRow(
            EventType.valueOf(row.get(CONVERSATION_EVENT.TYPE)),
            row.get(CONVERSATION_EVENT.MESSAGE_ID),
            row.get(CONVERSATION_EVENT.PART),
            row.get(CONVERSATION_EVENT.PART_OFFSET),
            row.get(CONVERSATION_EVENT.CONTENT),
            data == null ? null : data.data()));
  }
}
