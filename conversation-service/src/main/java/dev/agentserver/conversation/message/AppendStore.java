package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.event.NumberedEvent;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.conversation.index.Indexed;
import dev.agentserver.conversation.tree.ActiveBranch;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.conversation.tree.Tree;
import dev.agentserver.conversation.tree.TreeStore.Counted;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Writes messages. The conversation row is the lock that numbers what is appended, so appends to
/// one conversation queue and appends to different ones do not meet.
final class AppendStore {
  private final IndexStore index = new IndexStore();

  /// What an append changes of its conversation.
  ///
  /// @param saidAt when the newest was said; null: now
  /// @param line whether the messages come one after the other
  /// @param parentId what the first comes after; null: the newest message of the active branch
  record Change(
      UUID conversationId,
      int count,
      @Nullable String preview,
      String title,
      UUID leafId,
      @Nullable Instant saidAt,
      boolean line,
      @Nullable UUID parentId,
      @Nullable UUID expectedLeafId) {}

  /// What was reserved: the sequence number of the last message, when it counts as said and when
  /// its event happened, and when lists were last told of activity.
  ///
  /// @param leaf the place of the last message, where all of them go on with a branch; null: they
  /// do not, or another leaf was expected
  record Reserved(
      long lastSeq,
      OffsetDateTime at,
      OffsetDateTime eventAt,
      OffsetDateTime listedAt,
      Counted branches,
      @Nullable Spot leaf) {}

  /// Locks the conversation, authorizes and numbers in one statement. Empty: the caller may not
  /// write to it.
  Optional<Reserved> reserve(DSLContext db, Caller caller, Change change) {
    var active =
        ActiveBranch.of(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
            .as("active_branch_no");
    var locked =
        name("locked")
            .as(
                DSL.update(CONVERSATION)
                    .set(
                        CONVERSATION.LAST_EVENT_SEQ,
                        CONVERSATION.LAST_EVENT_SEQ.plus(change.count()))
                    .set(CONVERSATION.LAST_EVENT_AT, EventStore.now())
                    .set(
                        CONVERSATION.MESSAGE_COUNT, CONVERSATION.MESSAGE_COUNT.plus(change.count()))
                    .set(
                        CONVERSATION.PREVIEW,
                        change.preview() == null ? CONVERSATION.PREVIEW : val(change.preview()))
                    .set(
                        CONVERSATION.TITLE,
                        when(CONVERSATION.TITLE.eq(""), change.title())
                            .otherwise(CONVERSATION.TITLE))
                    .set(
                        CONVERSATION.LAST_ACTIVITY_AT,
                        greatest(CONVERSATION.LAST_ACTIVITY_AT, saidAt(change)))
                    .where(CONVERSATION.CONVERSATION_ID.eq(change.conversationId()))
                    .and(CONVERSATION.DELETED_AT.isNull())
                    .and(
                        Access.WRITE.to(
                            caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
                    .returning(
                        CONVERSATION.TENANT_ID,
                        CONVERSATION.CONVERSATION_ID,
                        CONVERSATION.LAST_EVENT_SEQ,
                        CONVERSATION.LAST_ACTIVITY_AT,
                        CONVERSATION.LAST_EVENT_AT,
                        CONVERSATION.LAST_BRANCH_NO,
                        active,
                        CONVERSATION.LISTED_AT));
    var leaf =
        name("leaf")
            .as(
                DSL.update(BRANCH)
                    .set(BRANCH.LEAF_DEPTH, BRANCH.LEAF_DEPTH.plus(change.count()))
                    .set(BRANCH.LEAF_MESSAGE_ID, change.leafId())
                    .from(locked)
                    .where(BRANCH.TENANT_ID.eq(locked.field(CONVERSATION.TENANT_ID)))
                    .and(BRANCH.CONVERSATION_ID.eq(locked.field(CONVERSATION.CONVERSATION_ID)))
                    .and(goesOn(caller, change, locked.field(active)))
                    .and(
                        change.expectedLeafId() == null
                            ? noCondition()
                            : BRANCH.LEAF_MESSAGE_ID.eq(change.expectedLeafId()))
                    .returning(BRANCH.BRANCH_NO, BRANCH.LEAF_DEPTH));
    return db.with(locked)
        .with(leaf)
        .select(
            locked.field(CONVERSATION.LAST_EVENT_SEQ),
            locked.field(CONVERSATION.LAST_ACTIVITY_AT),
            locked.field(CONVERSATION.LAST_EVENT_AT),
            locked.field(CONVERSATION.LISTED_AT),
            locked.field(CONVERSATION.LAST_BRANCH_NO),
            locked.field(active),
            leaf.field(BRANCH.BRANCH_NO),
            leaf.field(BRANCH.LEAF_DEPTH))
        .from(locked)
        .leftJoin(leaf)
        .on(trueCondition())
        .fetchOptional(
            row ->
                new Reserved(
                    row.value1(),
                    row.value2(),
                    row.value3(),
                    row.value4(),
                    new Counted(row.value5(), row.value6()),
                    row.value7() == null ? null : new Spot(row.value7(), row.value8())));
  }

  /// What was said in the past moves nothing up beyond its time; and nothing is of the future.
  private static Field<OffsetDateTime> saidAt(Change change) {
    return change.saidAt() == null
        ? clock()
        : least(val(change.saidAt().atOffset(ZoneOffset.UTC)), clock());
  }

  /// True of the branch that all the messages go on with, if there is one: the one whose newest
  /// message they come after.
  private static Condition goesOn(Caller caller, Change change, Field<Integer> active) {
    if (!change.line()) {
      return falseCondition();
    }
    if (change.parentId() == null) {
      return BRANCH.BRANCH_NO.eq(active);
    }
    var parent = MESSAGE.as("parent");
    return BRANCH
        .LEAF_MESSAGE_ID
        .eq(change.parentId())
        .and(
            BRANCH.BRANCH_NO.eq(
                select(parent.BRANCH_NO)
                    .from(parent)
                    .where(parent.TENANT_ID.eq(caller.tenantId()))
                    .and(parent.MESSAGE_ID.eq(change.parentId()))));
  }

  /// Reserves numbers for the events of branches that were opened, behind those that were reserved
  /// before; returns the last.
  long open(DSLContext db, StreamKey conversation, Tree tree) {
    return db.update(CONVERSATION)
        .set(CONVERSATION.LAST_BRANCH_NO, tree.lastBranchNo())
        .set(CONVERSATION.LAST_EVENT_SEQ, CONVERSATION.LAST_EVENT_SEQ.plus(tree.opened()))
        .where(CONVERSATION.TENANT_ID.eq(conversation.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversation.id()))
        .returningResult(CONVERSATION.LAST_EVENT_SEQ)
        .fetchSingle(CONVERSATION.LAST_EVENT_SEQ);
  }

  /// Writes the messages, their words and what happened by them in one statement; attachments in
  /// another.
  void insert(DSLContext db, UUID tenantId, List<Message> messages, List<NumberedEvent> events) {
    var said =
        name("said")
            .as(
                DSL.insertInto(MESSAGE)
                    .set(messages.stream().map(message -> row(db, tenantId, message)).toList())
                    .returning(
                        MESSAGE.TENANT_ID,
                        MESSAGE.MESSAGE_ID,
                        MESSAGE.CONVERSATION_ID,
                        MESSAGE.ROLE,
                        MESSAGE.CREATED_AT));
    var indexed = indexed(messages);
    var written =
        indexed.isEmpty()
            ? db.with(said)
            : db.with(said).with(name("indexed").as(index.put(tenantId, said, indexed)));
    written
        .insertInto(CONVERSATION_EVENT, EventStore.COLUMNS)
        .select(EventStore.rows(events))
        .execute();
    var attachments =
        messages.stream().flatMap(message -> attachments(db, tenantId, message).stream()).toList();
    if (!attachments.isEmpty()) {
      db.insertInto(MESSAGE_ATTACHMENT).set(attachments).execute();
    }
  }

  private static List<Indexed> indexed(List<Message> messages) {
    return messages.stream()
        .filter(message -> message.state() == State.COMPLETE)
        .map(message -> Indexed.of(message.id(), message.content()))
        .filter(Indexed::any)
        .toList();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }

  private static Record row(DSLContext db, UUID tenantId, Message message) {
    var origin = message.origin();
    return db.newRecord(MESSAGE)
        .with(MESSAGE.TENANT_ID, tenantId)
        .with(MESSAGE.MESSAGE_ID, message.id())
        .with(MESSAGE.CONVERSATION_ID, message.conversationId())
        .with(MESSAGE.BRANCH_NO, message.place().branchNo())
        .with(MESSAGE.DEPTH, message.place().depth())
        .with(MESSAGE.SEQ, message.place().seq())
        .with(MESSAGE.ROLE, message.role().name().toLowerCase(Locale.ROOT))
        .with(MESSAGE.STATE, message.state().name())
        .with(MESSAGE.STATE_REASON, message.stateReason())
        .with(MESSAGE.PARTS_SEQ, message.partsSeq())
        .with(MESSAGE.PARTS, JSONB.valueOf(PartsJson.write(message.parts())))
        .with(MESSAGE.CONTENT_TEXT, message.content())
        .with(MESSAGE.SIZE_BYTES, Content.bytes(message.parts()))
        .with(MESSAGE.ATTACHMENT_COUNT, message.attachments().size())
        .with(MESSAGE.AUTHOR_ID, message.authorId())
        .with(MESSAGE.RUN_ID, origin.runId())
        .with(MESSAGE.AGENT_ID, origin.agentId())
        .with(MESSAGE.MODEL, origin.model())
        .with(MESSAGE.FINISH_REASON, origin.finishReason())
        .with(MESSAGE.INPUT_TOKENS, origin.inputTokens())
        .with(MESSAGE.OUTPUT_TOKENS, origin.outputTokens())
        .with(MESSAGE.CLIENT_MESSAGE_ID, message.clientMessageId())
        .with(MESSAGE.ROUTING_DECISION, JSONB.jsonbOrNull(origin.routingDecision()))
        .with(MESSAGE.EXTERNAL_ID, message.externalId())
        .with(MESSAGE.METADATA, JSONB.valueOf(MetadataJson.write(message.metadata())))
        .with(MESSAGE.VERSION, message.version())
        .with(MESSAGE.CREATED_AT, message.createdAt().atOffset(ZoneOffset.UTC))
        .with(MESSAGE.UPDATED_AT, message.updatedAt().atOffset(ZoneOffset.UTC));
  }

  private static List<Record> attachments(DSLContext db, UUID tenantId, Message message) {
    return IntStream.range(0, message.attachments().size())
        .mapToObj(ordinal -> attachment(db, tenantId, message, ordinal))
        .toList();
  }

  private static Record attachment(DSLContext db, UUID tenantId, Message message, int ordinal) {
    var attachment = message.attachments().get(ordinal);
    return db.newRecord(MESSAGE_ATTACHMENT)
        .with(MESSAGE_ATTACHMENT.TENANT_ID, tenantId)
        .with(MESSAGE_ATTACHMENT.MESSAGE_ID, message.id())
        .with(MESSAGE_ATTACHMENT.ORDINAL, ordinal)
        .with(MESSAGE_ATTACHMENT.FILE_ID, attachment.fileId())
        .with(MESSAGE_ATTACHMENT.NAME, attachment.name())
        .with(MESSAGE_ATTACHMENT.MEDIA_TYPE, attachment.mediaType())
        .with(MESSAGE_ATTACHMENT.SIZE_BYTES, attachment.sizeBytes());
  }
}
