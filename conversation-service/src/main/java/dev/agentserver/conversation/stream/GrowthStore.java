package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.values;

import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.stream.StreamStore.Locked;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Row4;
import org.jooq.Row7;
import org.jooq.impl.DSL;

/// Writes what many messages have grown by: the numbers, the messages' rows and the events, in one
/// statement.
final class GrowthStore {
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

  private final EventStore events = new EventStore();

  /// @param conversations those with new events, with their new last numbers
  void write(DSLContext db, Collection<Locked> conversations, List<Grown> grown) {
    var streams = streams(grown);
    var rows = grown.stream().flatMap(one -> rows(db, one).stream()).toList();
    if (rows.isEmpty()) {
      db.with(streams).selectFrom(streams).fetch();
    } else {
      db.with(numbers(conversations))
          .with(streams)
          .insertInto(CONVERSATION_EVENT)
          .set(rows)
          .execute();
    }
  }

  private List<Record> rows(DSLContext db, Grown grown) {
    return events.rows(
        db,
        grown.conversation().tenantId(),
        grown.conversation().id(),
        grown.lastSeq(),
        grown.at(),
        grown.growth().events());
  }

  private static CommonTableExpression<?> numbers(Collection<Locked> conversations) {
    var rows =
        conversations.stream()
            .map(one -> row(one.key().tenantId(), one.key().id(), one.lastSeq(), one.at()))
            .toList();
    @SuppressWarnings({"unchecked", "rawtypes"})
    var number =
        values(rows.toArray((Row4<UUID, UUID, Long, OffsetDateTime>[]) new Row4[0]))
            .as("number", "tenant_id", "conversation_id", "seq", "at");
    return name("numbers")
        .as(
            DSL.update(CONVERSATION)
                .set(CONVERSATION.LAST_EVENT_SEQ, number.field("seq", Long.class))
                .set(CONVERSATION.LAST_EVENT_AT, number.field("at", OffsetDateTime.class))
                .from(number)
                .where(CONVERSATION.TENANT_ID.eq(number.field("tenant_id", UUID.class)))
                .and(CONVERSATION.CONVERSATION_ID.eq(number.field("conversation_id", UUID.class)))
                .returning(CONVERSATION.CONVERSATION_ID));
  }

  private static CommonTableExpression<?> streams(List<Grown> grown) {
    var rows =
        grown.stream()
            .map(
                one ->
                    row(
                        one.message().tenantId(),
                        one.message().id(),
                        one.growth().lengths().toArray(Integer[]::new),
                        one.growth().open().toArray(Boolean[]::new),
                        one.growth().sizeBytes(),
                        one.lastSeq(),
                        one.expiresAt()))
            .toList();
    @SuppressWarnings({"unchecked", "rawtypes"})
    var stream =
        values(
                rows.toArray(
                    (Row7<UUID, UUID, Integer[], Boolean[], Integer, Long, OffsetDateTime>[])
                        new Row7[0]))
            .as(
                "stream",
                "tenant_id",
                "message_id",
                "part_lengths",
                "part_open",
                "size_bytes",
                "last_seq",
                "expires_at");
    return name("streams")
        .as(
            DSL.update(MESSAGE_STREAM)
                .set(MESSAGE_STREAM.PART_LENGTHS, stream.field("part_lengths", Integer[].class))
                .set(MESSAGE_STREAM.PART_OPEN, stream.field("part_open", Boolean[].class))
                .set(MESSAGE_STREAM.SIZE_BYTES, stream.field("size_bytes", Integer.class))
                .set(MESSAGE_STREAM.LAST_SEQ, stream.field("last_seq", Long.class))
                .set(
                    MESSAGE_STREAM.WRITER_EXPIRES_AT,
                    stream.field("expires_at", OffsetDateTime.class))
                .from(stream)
                .where(MESSAGE_STREAM.TENANT_ID.eq(stream.field("tenant_id", UUID.class)))
                .and(MESSAGE_STREAM.MESSAGE_ID.eq(stream.field("message_id", UUID.class)))
                .returning(MESSAGE_STREAM.MESSAGE_ID));
  }
}
