package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.SQLDataType.VARCHAR;

import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.NumberedEvent;
import dev.agentserver.conversation.stream.StreamStore.Locked;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// Writes what many messages have grown by: the numbers, the messages' rows and the events, in one
/// statement.
final class GrowthStore {
  private static final Field<String> LENGTHS = field(name("part_lengths"), VARCHAR);
  private static final Field<String> OPEN = field(name("part_open"), VARCHAR);

  /// A message that has grown, or whose writer was heard of.
  ///
  /// @param lastSeq its newest event
  /// @param at when that happened
  record Grown(
      StreamKey message,
      StreamKey conversation,
      Growth growth,
      long lastSeq,
      OffsetDateTime at,
      OffsetDateTime expiresAt) {}

  /// @param conversations those with new events, with their new last numbers
  void write(DSLContext db, Collection<Locked> conversations, List<Grown> grown) {
    var streams = streams(grown);
    var events = grown.stream().flatMap(one -> events(one).stream()).toList();
    if (events.isEmpty()) {
      db.with(streams).selectFrom(streams).fetch();
    } else {
      db.with(numbers(conversations))
          .with(streams)
          .insertInto(CONVERSATION_EVENT, EventStore.COLUMNS)
          .select(EventStore.rows(events))
          .execute();
    }
  }

  private static List<NumberedEvent> events(Grown grown) {
    return NumberedEvent.numbered(
        grown.conversation(), grown.lastSeq(), grown.at(), grown.growth().events());
  }

  private static CommonTableExpression<?> numbers(Collection<Locked> conversations) {
    var number =
        ArrayTable.of("number", conversations)
            .with(CONVERSATION.TENANT_ID, one -> one.key().tenantId())
            .with(CONVERSATION.CONVERSATION_ID, one -> one.key().id())
            .with(CONVERSATION.LAST_EVENT_SEQ, Locked::lastSeq)
            .with(CONVERSATION.LAST_EVENT_AT, Locked::at);
    return name("numbers")
        .as(
            DSL.update(CONVERSATION)
                .set(CONVERSATION.LAST_EVENT_SEQ, number.field(CONVERSATION.LAST_EVENT_SEQ))
                .set(CONVERSATION.LAST_EVENT_AT, number.field(CONVERSATION.LAST_EVENT_AT))
                .from(number.table())
                .where(CONVERSATION.TENANT_ID.eq(number.field(CONVERSATION.TENANT_ID)))
                .and(CONVERSATION.CONVERSATION_ID.eq(number.field(CONVERSATION.CONVERSATION_ID)))
                .returning(CONVERSATION.CONVERSATION_ID));
  }

  /// The two arrays of a message are given as texts: arrays of arrays must be of one length.
  private static CommonTableExpression<?> streams(List<Grown> grown) {
    var stream =
        ArrayTable.of("stream", grown)
            .with(MESSAGE_STREAM.TENANT_ID, one -> one.message().tenantId())
            .with(MESSAGE_STREAM.MESSAGE_ID, one -> one.message().id())
            .with(LENGTHS, one -> array(one.growth().lengths()))
            .with(OPEN, one -> array(one.growth().open()))
            .with(MESSAGE_STREAM.SIZE_BYTES, one -> one.growth().sizeBytes())
            .with(MESSAGE_STREAM.LAST_SEQ, Grown::lastSeq)
            .with(MESSAGE_STREAM.WRITER_EXPIRES_AT, Grown::expiresAt);
    return name("streams")
        .as(
            DSL.update(MESSAGE_STREAM)
                .set(MESSAGE_STREAM.PART_LENGTHS, stream.field(LENGTHS).cast(Integer[].class))
                .set(MESSAGE_STREAM.PART_OPEN, stream.field(OPEN).cast(Boolean[].class))
                .set(MESSAGE_STREAM.SIZE_BYTES, stream.field(MESSAGE_STREAM.SIZE_BYTES))
                .set(MESSAGE_STREAM.LAST_SEQ, stream.field(MESSAGE_STREAM.LAST_SEQ))
                .set(
                    MESSAGE_STREAM.WRITER_EXPIRES_AT,
                    stream.field(MESSAGE_STREAM.WRITER_EXPIRES_AT))
                .from(stream.table())
                .where(MESSAGE_STREAM.TENANT_ID.eq(stream.field(MESSAGE_STREAM.TENANT_ID)))
                .and(MESSAGE_STREAM.MESSAGE_ID.eq(stream.field(MESSAGE_STREAM.MESSAGE_ID)))
                .returning(MESSAGE_STREAM.MESSAGE_ID));
  }

  private static String array(List<?> elements) {
    return elements.stream().map(Object::toString).collect(Collectors.joining(",", "{", "}"));
  }
}
