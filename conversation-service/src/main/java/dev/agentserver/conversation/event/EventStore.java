package dev.agentserver.conversation.event;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.octetLength;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.when;

import dev.agentserver.conversation.db.tables.ConversationEvent;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.Select;
import org.jooq.impl.DSL;

/// The rows of events. Sequence numbers are allocated from the conversation's row, whose lock makes
/// the order of commits the order of numbers.
public final class EventStore {
  private static final int PAGE_BYTES = 2 * 1024 * 1024;
  private static final String RUNNING_BYTES = "running_bytes";
  private static final String BYTES = "bytes";

  /// What [#rows] returns, in its order.
  public static final List<Field<?>> COLUMNS =
      List.of(
          CONVERSATION_EVENT.TENANT_ID,
          CONVERSATION_EVENT.CONVERSATION_ID,
          CONVERSATION_EVENT.SEQ,
          CONVERSATION_EVENT.CREATED_AT,
          CONVERSATION_EVENT.TYPE,
          CONVERSATION_EVENT.MESSAGE_ID,
          CONVERSATION_EVENT.PART,
          CONVERSATION_EVENT.PART_OFFSET,
          CONVERSATION_EVENT.CONTENT,
          CONVERSATION_EVENT.DATA);

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

  /// Writes events.
  public void insert(DSLContext db, Collection<NumberedEvent> events) {
    db.insertInto(CONVERSATION_EVENT, COLUMNS).select(rows(events)).execute();
  }

  /// What [#insert] inserts, for a statement that writes more than that.
  public static Select<Record> rows(Collection<NumberedEvent> events) {
    var given =
        ArrayTable.of("event", events)
            .with(CONVERSATION_EVENT.TENANT_ID, one -> one.conversation().tenantId())
            .with(CONVERSATION_EVENT.CONVERSATION_ID, one -> one.conversation().id())
            .with(CONVERSATION_EVENT.SEQ, NumberedEvent::seq)
            .with(CONVERSATION_EVENT.CREATED_AT, NumberedEvent::at)
            .with(CONVERSATION_EVENT.TYPE, one -> one.event().type().name())
            .with(CONVERSATION_EVENT.MESSAGE_ID, one -> one.event().messageId())
            .with(CONVERSATION_EVENT.PART, one -> one.event().part())
            .with(CONVERSATION_EVENT.PART_OFFSET, one -> one.event().offset())
            .with(CONVERSATION_EVENT.CONTENT, one -> one.event().content())
            .with(CONVERSATION_EVENT.DATA, one -> JSONB.jsonbOrNull(one.event().data()));
    return select(given.fields()).from(given.table());
  }

  /// The events after a number, in order: at most `limit`, and about 2 MiB with the messages that
  /// they are about; one at least.
  public List<StoredEvent> page(
      DSLContext db, UUID tenantId, UUID conversationId, long after, int limit) {
    var size =
        coalesce(octetLength(CONVERSATION_EVENT.CONTENT), 0).plus(coalesce(MESSAGE.SIZE_BYTES, 0));
    var measured =
        select(CONVERSATION_EVENT.fields())
            .select(
                sum(size).over().orderBy(CONVERSATION_EVENT.SEQ).as(RUNNING_BYTES), size.as(BYTES))
            .from(CONVERSATION_EVENT)
            .leftJoin(MESSAGE)
            .on(MESSAGE.TENANT_ID.eq(CONVERSATION_EVENT.TENANT_ID))
            .and(MESSAGE.MESSAGE_ID.eq(createdMessage()))
            .where(CONVERSATION_EVENT.TENANT_ID.eq(tenantId))
            .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION_EVENT.SEQ.gt(after))
            .orderBy(CONVERSATION_EVENT.SEQ)
            .limit(limit)
            .asTable(CONVERSATION_EVENT.as("measured"));
    var event = CONVERSATION_EVENT.as("measured");
    return db.select(columns(event))
        .from(measured)
        .where(
            field(name("measured", RUNNING_BYTES), Long.class)
                .minus(field(name("measured", BYTES), Long.class))
                .lt((long) PAGE_BYTES))
        .orderBy(event.SEQ)
        .fetch(row -> event(event, row));
  }

  /// How far streams have come. One that does not exist is absent.
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    var asked =
        ArrayTable.of("asked", streams)
            .with(CONVERSATION.TENANT_ID, StreamKey::tenantId)
            .with(CONVERSATION.CONVERSATION_ID, StreamKey::id);
    return db
        .select(
            CONVERSATION.TENANT_ID,
            CONVERSATION.CONVERSATION_ID,
            CONVERSATION.LAST_EVENT_SEQ,
            CONVERSATION.COMPACTED_THROUGH_SEQ)
        .from(asked.table())
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(asked.field(CONVERSATION.TENANT_ID)))
        .and(CONVERSATION.CONVERSATION_ID.eq(asked.field(CONVERSATION.CONVERSATION_ID)))
        .fetch()
        .stream()
        .collect(
            Collectors.toMap(
                found -> new StreamKey(found.value1(), found.value2()),
                found -> new Head(found.value3(), found.value4())));
  }

  /// The message whose content an event stands for, if it does.
  private static Field<UUID> createdMessage() {
    return when(
        CONVERSATION_EVENT.TYPE.eq(EventType.MESSAGE_CREATED.name()),
        CONVERSATION_EVENT.MESSAGE_ID);
  }

  /// The events of one message in (after, upTo], in order: what its parts grew by.
  public List<StoredEvent> ofMessage(
      DSLContext db, UUID tenantId, UUID conversationId, UUID messageId, long after, long upTo) {
    return db.select(columns(CONVERSATION_EVENT))
        .from(CONVERSATION_EVENT)
        .where(CONVERSATION_EVENT.TENANT_ID.eq(tenantId))
        .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION_EVENT.SEQ.gt(after))
        .and(CONVERSATION_EVENT.SEQ.le(upTo))
        .and(CONVERSATION_EVENT.MESSAGE_ID.eq(messageId))
        .orderBy(CONVERSATION_EVENT.SEQ)
        .fetch(row -> event(CONVERSATION_EVENT, row));
  }

  private static List<Field<?>> columns(ConversationEvent table) {
    return List.of(
        table.SEQ,
        table.CREATED_AT,
        table.TYPE,
        table.MESSAGE_ID,
        table.PART,
        table.PART_OFFSET,
        table.CONTENT,
        table.DATA);
  }

  private static StoredEvent event(ConversationEvent table, Record row) {
    var data = row.get(table.DATA);
    return new StoredEvent(
        row.get(table.SEQ),
        row.get(table.CREATED_AT).toInstant(),
        new EventRow(
            EventType.valueOf(row.get(table.TYPE)),
            row.get(table.MESSAGE_ID),
            row.get(table.PART),
            row.get(table.PART_OFFSET),
            row.get(table.CONTENT),
            data == null ? null : data.data()));
  }
}
