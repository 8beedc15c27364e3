package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.EventStore.Allocated;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.conversation.index.Indexed;
import dev.agentserver.conversation.message.Content;
import dev.agentserver.conversation.message.MetadataJson;
import dev.agentserver.conversation.message.PartsJson;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.Screening.Screened;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// Writes the beginning and the end of being written.
final class EndStore {
  private static final String USER = Role.USER.name().toLowerCase(Locale.ROOT);

  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  private final IndexStore index = new IndexStore();

  /// Lets a new message be written by the writer that `epoch` names.
  OffsetDateTime open(
      DSLContext db,
      StreamKey message,
      UUID conversationId,
      long epoch,
      Growth growth,
      Duration lease) {
    return db.insertInto(MESSAGE_STREAM)
        .set(MESSAGE_STREAM.TENANT_ID, message.tenantId())
        .set(MESSAGE_STREAM.MESSAGE_ID, message.id())
        .set(MESSAGE_STREAM.CONVERSATION_ID, conversationId)
        .set(MESSAGE_STREAM.WRITER_EPOCH, epoch)
        .set(MESSAGE_STREAM.WRITER_EXPIRES_AT, after(lease))
        .set(MESSAGE_STREAM.PART_LENGTHS, growth.lengths().toArray(Integer[]::new))
        .set(MESSAGE_STREAM.PART_OPEN, growth.open().toArray(Boolean[]::new))
        .set(MESSAGE_STREAM.SIZE_BYTES, growth.sizeBytes())
        .set(MESSAGE_STREAM.LAST_SEQ, epoch)
        .onConflict(MESSAGE_STREAM.TENANT_ID, MESSAGE_STREAM.MESSAGE_ID)
        .doUpdate()
        .set(MESSAGE_STREAM.WRITER_EPOCH, epoch)
        .set(MESSAGE_STREAM.WRITER_EXPIRES_AT, after(lease))
        .set(MESSAGE_STREAM.PART_LENGTHS, growth.lengths().toArray(Integer[]::new))
        .set(MESSAGE_STREAM.PART_OPEN, growth.open().toArray(Boolean[]::new))
        .set(MESSAGE_STREAM.SIZE_BYTES, growth.sizeBytes())
        .set(MESSAGE_STREAM.LAST_SEQ, epoch)
        .setNull(MESSAGE_STREAM.ENDED_AT)
        .returningResult(MESSAGE_STREAM.WRITER_EXPIRES_AT)
        .fetchSingle()
        .value1();
  }

  /// Marks a message whose writer was lost as being written again.
  void reopen(DSLContext db, StreamKey message, long seq) {
    db.update(MESSAGE)
        .set(MESSAGE.STATE, State.STREAMING.name())
        .set(MESSAGE.STATE_REASON, "")
        .set(MESSAGE.PARTS_SEQ, seq)
        .set(MESSAGE.VERSION, MESSAGE.VERSION.plus(1))
        .set(MESSAGE.UPDATED_AT, CLOCK)
        .where(MESSAGE.TENANT_ID.eq(message.tenantId()))
        .and(MESSAGE.MESSAGE_ID.eq(message.id()))
        .execute();
  }

  /// Numbers the last events of a message. The conversation shows how it ends, where it is the
  /// newest, and gets its title of it, where it has none and a user says it.
  Allocated allocate(
      DSLContext db, StreamKey conversation, UUID messageId, int count, String text) {
    var preview = Content.preview(text);
    var newest =
        exists(
            selectOne()
                .from(MESSAGE)
                .join(BRANCH)
                .on(BRANCH.TENANT_ID.eq(MESSAGE.TENANT_ID))
                .and(BRANCH.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
                .and(BRANCH.BRANCH_NO.eq(MESSAGE.BRANCH_NO))
                .and(BRANCH.LEAF_MESSAGE_ID.eq(MESSAGE.MESSAGE_ID))
                .where(MESSAGE.TENANT_ID.eq(CONVERSATION.TENANT_ID))
                .and(MESSAGE.MESSAGE_ID.eq(messageId)));
    var byUser =
        exists(
            selectOne()
                .from(MESSAGE)
                .where(MESSAGE.TENANT_ID.eq(conversation.tenantId()))
                .and(MESSAGE.MESSAGE_ID.eq(messageId))
                .and(MESSAGE.ROLE.eq(USER)));
    return db.update(CONVERSATION)
        .set(CONVERSATION.LAST_EVENT_SEQ, CONVERSATION.LAST_EVENT_SEQ.plus(count))
        .set(CONVERSATION.LAST_EVENT_AT, EventStore.now())
        .set(CONVERSATION.LAST_ACTIVITY_AT, greatest(CONVERSATION.LAST_ACTIVITY_AT, CLOCK))
        .set(
            CONVERSATION.PREVIEW,
            when(newest.and(val(preview).ne("")), val(preview)).otherwise(CONVERSATION.PREVIEW))
        .set(
            CONVERSATION.TITLE,
            when(CONVERSATION.TITLE.eq("").and(byUser), val(Content.title(text)))
                .otherwise(CONVERSATION.TITLE))
        .where(CONVERSATION.TENANT_ID.eq(conversation.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversation.id()))
        .returningResult(CONVERSATION.LAST_EVENT_SEQ, CONVERSATION.LAST_EVENT_AT)
        .fetchSingle(Records.mapping(Allocated::new));
  }

  /// Writes the text of a message that has ended, once, and its words.
  void end(DSLContext db, StreamKey message, Ending ending, Screened content, long seq) {
    var parts = content.parts();
    db.update(MESSAGE)
        .set(MESSAGE.STATE, ending.state().name())
        .set(MESSAGE.STATE_REASON, ending.reason())
        .set(MESSAGE.PARTS, JSONB.valueOf(PartsJson.write(parts)))
        .set(MESSAGE.PARTS_SEQ, seq)
        .set(MESSAGE.CONTENT_TEXT, Content.text(parts))
        .set(MESSAGE.SIZE_BYTES, Content.bytes(parts))
        .set(MESSAGE.METADATA, metadata(content.flags()))
        .set(MESSAGE.FINISH_REASON, ending.finishReason())
        .set(MESSAGE.MODEL, ending.model().isEmpty() ? MESSAGE.MODEL : val(ending.model()))
        .set(MESSAGE.INPUT_TOKENS, ending.inputTokens())
        .set(MESSAGE.OUTPUT_TOKENS, ending.outputTokens())
        .set(MESSAGE.VERSION, MESSAGE.VERSION.plus(1))
        .set(MESSAGE.UPDATED_AT, CLOCK)
        .where(MESSAGE.TENANT_ID.eq(message.tenantId()))
        .and(MESSAGE.MESSAGE_ID.eq(message.id()))
        .execute();
    var indexed = Indexed.of(message.id(), Content.text(parts));
    if (indexed.any()) {
      db.execute(index.put(message.tenantId(), MESSAGE, List.of(indexed)));
    }
  }

  private static Field<JSONB> metadata(Map<String, String> more) {
    return more.isEmpty()
        ? MESSAGE.METADATA
        : DSL.field(
            "{0} || {1}",
            JSONB.class, MESSAGE.METADATA, val(JSONB.valueOf(MetadataJson.write(more))));
  }

  /// Takes no more of its writer.
  void close(DSLContext db, StreamKey message, Growth growth, long seq) {
    db.update(MESSAGE_STREAM)
        .set(MESSAGE_STREAM.PART_LENGTHS, growth.lengths().toArray(Integer[]::new))
        .set(MESSAGE_STREAM.PART_OPEN, growth.open().toArray(Boolean[]::new))
        .set(MESSAGE_STREAM.SIZE_BYTES, growth.sizeBytes())
        .set(MESSAGE_STREAM.LAST_SEQ, seq)
        .set(MESSAGE_STREAM.ENDED_AT, CLOCK)
        .where(MESSAGE_STREAM.TENANT_ID.eq(message.tenantId()))
        .and(MESSAGE_STREAM.MESSAGE_ID.eq(message.id()))
        .execute();
  }

  /// Messages that nobody writes any more, the longest lost first.
  List<StreamKey> lost(DSLContext db, int limit) {
    return db.select(MESSAGE_STREAM.TENANT_ID, MESSAGE_STREAM.MESSAGE_ID)
        .from(MESSAGE_STREAM)
        .where(MESSAGE_STREAM.ENDED_AT.isNull())
        .and(MESSAGE_STREAM.WRITER_EXPIRES_AT.lt(CLOCK))
        .orderBy(MESSAGE_STREAM.WRITER_EXPIRES_AT)
        .limit(limit)
        .fetch(Records.mapping(StreamKey::new));
  }

  private static Field<OffsetDateTime> after(Duration time) {
    return CLOCK.plus(DayToSecond.valueOf(time));
  }
}
