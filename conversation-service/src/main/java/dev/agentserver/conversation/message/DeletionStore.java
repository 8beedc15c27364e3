package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONTEXT_CHECKPOINT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;
import static org.jooq.impl.DSL.withRecursive;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Removes what a message says, wherever it is kept.
final class DeletionStore {
  private static final String DELETED = "DELETED";
  private static final List<String> PASSING =
      Arrays.stream(EventType.values()).filter(EventType::passing).map(Enum::name).toList();

  private final IndexStore index = new IndexStore();
  private final PreviewStore previews = new PreviewStore();

  /// The conversation of a message that the caller may read.
  Optional<UUID> conversation(DSLContext db, Caller caller, UUID messageId) {
    return db.select(MESSAGE.CONVERSATION_ID)
        .from(MESSAGE)
        .where(of(caller.tenantId(), messageId))
        .and(Access.readable(caller, MESSAGE.CONVERSATION_ID))
        .fetchOptional(MESSAGE.CONVERSATION_ID);
  }

  /// Leaves the message's place and nothing of its content; false: that was done before.
  boolean takeOut(DSLContext db, StreamKey conversation, UUID messageId) {
    var tenantId = conversation.tenantId();
    var said =
        db.select(
                MESSAGE.SEQ,
                when(MESSAGE.STATE.eq(State.STREAMING.name()), Long.MAX_VALUE)
                    .otherwise(MESSAGE.PARTS_SEQ),
                left(MESSAGE.CONTENT_TEXT, PreviewStore.BEGINNING),
                MESSAGE.BRANCH_NO,
                MESSAGE.DEPTH)
            .from(MESSAGE)
            .where(of(tenantId, messageId))
            .and(MESSAGE.STATE.ne(State.REDACTED.name()))
            .fetchOptional();
    if (said.isEmpty()) {
      return false;
    }
    db.update(MESSAGE)
        .set(MESSAGE.STATE, State.REDACTED.name())
        .set(MESSAGE.STATE_REASON, DELETED)
        .set(MESSAGE.PARTS, JSONB.valueOf("[]"))
        .set(MESSAGE.CONTENT_TEXT, "")
        .set(MESSAGE.SIZE_BYTES, 0)
        .set(MESSAGE.ATTACHMENT_COUNT, 0)
        .set(MESSAGE.METADATA, JSONB.valueOf("{}"))
        .setNull(MESSAGE.ROUTING_DECISION)
        .set(MESSAGE.VERSION, MESSAGE.VERSION.plus(1))
        .set(MESSAGE.UPDATED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .where(of(tenantId, messageId))
        .execute();
    db.deleteFrom(MESSAGE_ATTACHMENT)
        .where(MESSAGE_ATTACHMENT.TENANT_ID.eq(tenantId))
        .and(MESSAGE_ATTACHMENT.MESSAGE_ID.eq(messageId))
        .execute();
    index.remove(db, tenantId, List.of(messageId));
    removePieces(db, conversation, messageId, said.get().value1(), said.get().value2());
    forget(db, conversation, said.get().value3());
    removeSummaries(db, conversation, said.get().value4(), said.get().value5());
    return true;
  }

  /// The pieces it was written by. Who has not read to its end is sent snapshots from now on: what
  /// the end says of the text fits nothing any more.
  private static void removePieces(
      DSLContext db, StreamKey conversation, UUID messageId, long createdSeq, long endSeq) {
    var streamed =
        db.deleteFrom(MESSAGE_STREAM)
            .where(MESSAGE_STREAM.TENANT_ID.eq(conversation.tenantId()))
            .and(MESSAGE_STREAM.MESSAGE_ID.eq(messageId))
            .execute();
    var pieces =
        db.deleteFrom(CONVERSATION_EVENT)
            .where(CONVERSATION_EVENT.TENANT_ID.eq(conversation.tenantId()))
            .and(CONVERSATION_EVENT.CONVERSATION_ID.eq(conversation.id()))
            .and(CONVERSATION_EVENT.SEQ.gt(createdSeq))
            .and(CONVERSATION_EVENT.SEQ.le(endSeq))
            .and(CONVERSATION_EVENT.MESSAGE_ID.eq(messageId))
            .and(CONVERSATION_EVENT.TYPE.in(PASSING))
            .execute();
    if (streamed + pieces > 0) {
      db.update(CONVERSATION)
          .set(CONVERSATION.COMPACTED_THROUGH_SEQ, CONVERSATION.LAST_EVENT_SEQ)
          .where(isRow(conversation))
          .execute();
    }
  }

  /// Lists count and show what is left.
  private void forget(DSLContext db, StreamKey conversation, String text) {
    db.update(CONVERSATION)
        .set(CONVERSATION.MESSAGE_COUNT, CONVERSATION.MESSAGE_COUNT.minus(1))
        .where(isRow(conversation))
        .execute();
    previews.refreshWithout(db, conversation, text);
  }

  /// The summaries that may tell of it: those from there on, on its branch and on every other that
  /// goes on from it.
  private static void removeSummaries(
      DSLContext db, StreamKey conversation, int branchNo, int depth) {
    var next = BRANCH.as("next");
    var number = field(name("below", "branch_no"), SQLDataType.INTEGER);
    var below =
        name("below")
            .fields("branch_no")
            .as(
                select(inline(branchNo))
                    .unionAll(
                        select(next.BRANCH_NO)
                            .from(table(name("below")))
                            .join(next)
                            .on(next.PARENT_BRANCH_NO.eq(number))
                            .where(next.TENANT_ID.eq(conversation.tenantId()))
                            .and(next.CONVERSATION_ID.eq(conversation.id()))
                            .and(number.ne(branchNo).or(next.FORK_DEPTH.ge(depth)))));
    var telling = withRecursive(below).select(number).from(table(name("below")));
    db.deleteFrom(CONTEXT_CHECKPOINT)
        .where(CONTEXT_CHECKPOINT.TENANT_ID.eq(conversation.tenantId()))
        .and(CONTEXT_CHECKPOINT.CONVERSATION_ID.eq(conversation.id()))
        .and(CONTEXT_CHECKPOINT.DEPTH.ge(depth))
        .and(CONTEXT_CHECKPOINT.BRANCH_NO.in(telling))
        .execute();
  }

  /// The message is known up to the event that tells of its deletion.
  void known(DSLContext db, UUID tenantId, UUID messageId, long seq) {
    db.update(MESSAGE).set(MESSAGE.PARTS_SEQ, seq).where(of(tenantId, messageId)).execute();
  }

  private static Condition of(UUID tenantId, UUID messageId) {
    return MESSAGE.TENANT_ID.eq(tenantId).and(MESSAGE.MESSAGE_ID.eq(messageId));
  }

  private static Condition isRow(StreamKey conversation) {
    return CONVERSATION
        .TENANT_ID
        .eq(conversation.tenantId())
        .and(CONVERSATION.CONVERSATION_ID.eq(conversation.id()));
  }
}
