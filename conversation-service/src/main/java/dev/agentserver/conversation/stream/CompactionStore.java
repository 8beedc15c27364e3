package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.message.State;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;

/// Finds and removes pieces of messages that have ended.
final class CompactionStore {
  /// A message that has ended.
  record Ended(UUID tenantId, UUID messageId, UUID conversationId) {}

  private static final List<String> PASSING =
      Arrays.stream(EventType.values()).filter(EventType::passing).map(Enum::name).toList();

  /// The longest ended first.
  List<Ended> due(DSLContext db, Duration keep, int limit) {
    return db.select(
            MESSAGE_STREAM.TENANT_ID, MESSAGE_STREAM.MESSAGE_ID, MESSAGE_STREAM.CONVERSATION_ID)
        .from(MESSAGE_STREAM)
        .where(over(keep))
        .orderBy(MESSAGE_STREAM.ENDED_AT)
        .limit(limit)
        .fetch(Records.mapping(Ended::new));
  }

  /// Removes the message's pieces and says, in the same transaction, that they are gone. Somebody
  /// may have taken the message up again since it was found: then nothing happens.
  void compact(DSLContext db, Ended ended, Duration keep) {
    db.select(CONVERSATION.LAST_EVENT_SEQ)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(ended.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(ended.conversationId()))
        .forNoKeyUpdate()
        .fetch();
    var due =
        MESSAGE_STREAM
            .TENANT_ID
            .eq(ended.tenantId())
            .and(MESSAGE_STREAM.MESSAGE_ID.eq(ended.messageId()))
            .and(over(keep));
    if (keepLost(db, due) + db.deleteFrom(MESSAGE_STREAM).where(due).execute() == 1) {
      removePieces(db, ended);
    }
  }

  /// A message whose writer was lost may be gone on with at any time: how its parts may grow is
  /// kept, and it is not due again.
  private static int keepLost(DSLContext db, Condition due) {
    var lost =
        exists(
            selectOne()
                .from(MESSAGE)
                .where(MESSAGE.TENANT_ID.eq(MESSAGE_STREAM.TENANT_ID))
                .and(MESSAGE.MESSAGE_ID.eq(MESSAGE_STREAM.MESSAGE_ID))
                .and(MESSAGE.STATE.eq(State.INCOMPLETE.name()))
                .and(MESSAGE.STATE_REASON.eq(Writing.WRITER_LOST)));
    return db.update(MESSAGE_STREAM)
        .set(MESSAGE_STREAM.ENDED_AT, val("infinity").cast(OffsetDateTime.class))
        .where(due)
        .and(lost)
        .execute();
  }

  private void removePieces(DSLContext db, Ended ended) {
    var place =
        db.select(MESSAGE.SEQ, MESSAGE.PARTS_SEQ)
            .from(MESSAGE)
            .where(MESSAGE.TENANT_ID.eq(ended.tenantId()))
            .and(MESSAGE.MESSAGE_ID.eq(ended.messageId()))
            .fetchSingle();
    var gone =
        db
            .deleteFrom(CONVERSATION_EVENT)
            .where(CONVERSATION_EVENT.TENANT_ID.eq(ended.tenantId()))
            .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(ended.conversationId()))
            .and(CONVERSATION_EVENT.SEQ.gt(place.value1()))
            .and(CONVERSATION_EVENT.SEQ.le(place.value2()))
            .and(CONVERSATION_EVENT.MESSAGE_ID.eq(ended.messageId()))
            .and(CONVERSATION_EVENT.TYPE.in(PASSING))
            .returningResult(CONVERSATION_EVENT.SEQ)
            .fetch(CONVERSATION_EVENT.SEQ)
            .stream()
            .mapToLong(Long::longValue)
            .max();
    if (gone.isPresent()) {
      db.update(CONVERSATION)
          .set(
              CONVERSATION.COMPACTED_THROUGH_SEQ,
              greatest(CONVERSATION.COMPACTED_THROUGH_SEQ, val(gone.getAsLong())))
          .where(CONVERSATION.TENANT_ID.eq(ended.tenantId()))
          .and(CONVERSATION.CONVERSATION_ID.eq(ended.conversationId()))
          .execute();
    }
  }

  private static Condition over(Duration keep) {
    return MESSAGE_STREAM.ENDED_AT.lt(
        DSL.function("clock_timestamp", OffsetDateTime.class).minus(DayToSecond.valueOf(keep)));
  }
}
