package dev.agentserver.conversation.branch;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_ATTACHMENT;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbTable;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.conversation.message.PreviewStore;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.tree.ActiveBranch;
import dev.agentserver.conversation.tree.Branch;
import dev.agentserver.conversation.tree.Chain;
import dev.agentserver.conversation.tree.Chain.Window;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Copies paths.
final class ForkStore {
  private final PreviewStore previews = new PreviewStore();

  /// A message that was copied: its id, its state, and the copy's id.
  record Copied(UUID messageId, State state, UUID copyId) {}

  private static final String PATH = "path";
  private static final Field<UUID> COPY = field(name(PATH, "copy_id"), SQLDataType.UUID);

  private final IndexStore index = new IndexStore();

  /// Where the newest message of the caller's active branch is.
  Spot leaf(DSLContext db, Caller caller, StreamKey conversation) {
    return db.select(BRANCH.BRANCH_NO, BRANCH.LEAF_DEPTH)
        .from(BRANCH)
        .where(BRANCH.TENANT_ID.eq(conversation.tenantId()))
        .and(BRANCH.CONVERSATION_ID.eq(conversation.id()))
        .and(
            BRANCH.BRANCH_NO.eq(
                ActiveBranch.of(caller, val(conversation.tenantId()), val(conversation.id()))))
        .fetchSingle(row -> new Spot(row.value1(), row.value2()));
  }

  Optional<Spot> spot(DSLContext db, StreamKey conversation, UUID messageId) {
    return db.select(MESSAGE.BRANCH_NO, MESSAGE.DEPTH)
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(conversation.tenantId()))
        .and(MESSAGE.CONVERSATION_ID.eq(conversation.id()))
        .and(MESSAGE.MESSAGE_ID.eq(messageId))
        .fetchOptional(row -> new Spot(row.value1(), row.value2()));
  }

  /// Copies the path to a message, with what belongs to its messages, in one statement; their words
  /// in another.
  List<Copied> copy(
      DSLContext db, StreamKey source, Spot last, StreamKey target, List<UUID> copyIds) {
    var original = MESSAGE.as(PATH);
    var attachment = MESSAGE_ATTACHMENT.as("attachment");
    var values = values(original, target);
    var said =
        DSL.insertInto(MESSAGE, values.keySet())
            .select(select(values.values()).from(table(name(PATH))))
            .returning(MESSAGE.MESSAGE_ID);
    var attached =
        DSL.insertInto(MESSAGE_ATTACHMENT, MESSAGE_ATTACHMENT.fields())
            .select(
                select(
                        attachment.TENANT_ID,
                        COPY,
                        attachment.ORDINAL,
                        attachment.FILE_ID,
                        attachment.NAME,
                        attachment.MEDIA_TYPE,
                        attachment.SIZE_BYTES,
                        attachment.DELETED_AT)
                    .from(table(name(PATH)))
                    .join(attachment)
                    .on(attachment.TENANT_ID.eq(original.TENANT_ID))
                    .and(attachment.MESSAGE_ID.eq(original.MESSAGE_ID)))
            .returning(MESSAGE_ATTACHMENT.MESSAGE_ID);
    var told =
        DSL.insertInto(
                CONVERSATION_EVENT,
                CONVERSATION_EVENT.TENANT_ID,
                CONVERSATION_EVENT.CONVERSATION_ID,
                CONVERSATION_EVENT.SEQ,
                CONVERSATION_EVENT.TYPE,
                CONVERSATION_EVENT.MESSAGE_ID,
                CONVERSATION_EVENT.CREATED_AT)
            .select(
                select(
                        val(target.tenantId()),
                        val(target.id()),
                        seq(original),
                        inline(EventType.MESSAGE_CREATED.name()),
                        COPY,
                        DSL.function(
                            "clock_timestamp", CONVERSATION_EVENT.CREATED_AT.getDataType()))
                    .from(table(name(PATH))))
            .returning(CONVERSATION_EVENT.SEQ);
    var copied =
        db.withRecursive(
                Chain.of(
                    source,
                    val(last.branchNo()),
                    trueCondition(),
                    new Window(0, false, last.depth())))
            .with(name(PATH).as(path(source, last, copyIds)))
            .with(name("said").as(said))
            .with(name("attached").as(attached))
            .with(name("told").as(told))
            .select(original.MESSAGE_ID, original.STATE, COPY)
            .from(table(name(PATH)))
            .orderBy(original.DEPTH)
            .fetch(row -> new Copied(row.value1(), State.valueOf(row.value2()), row.value3()));
    var copies = copied.stream().collect(Collectors.toMap(Copied::messageId, Copied::copyId));
    index.copy(db, source.tenantId(), source.id(), target.id(), copies);
    return copied;
  }

  /// The files that the messages of a conversation name, by message: those that go with it, and
  /// those inside the content.
  Map<UUID, List<UUID>> named(DSLContext db, StreamKey target) {
    var inside =
        jsonbTable(MESSAGE.PARTS, inline("$[*].file"))
            .column("file_id", SQLDataType.UUID)
            .path("$.file_id")
            .as("inside");
    return db.select(MESSAGE_ATTACHMENT.MESSAGE_ID, MESSAGE_ATTACHMENT.FILE_ID)
        .from(MESSAGE_ATTACHMENT)
        .join(MESSAGE)
        .on(MESSAGE.TENANT_ID.eq(MESSAGE_ATTACHMENT.TENANT_ID))
        .and(MESSAGE.MESSAGE_ID.eq(MESSAGE_ATTACHMENT.MESSAGE_ID))
        .where(isOf(target))
        .and(MESSAGE_ATTACHMENT.DELETED_AT.isNull())
        .unionAll(
            select(MESSAGE.MESSAGE_ID, inside.field("file_id", UUID.class))
                .from(MESSAGE)
                .crossJoin(lateral(inside))
                .where(isOf(target)))
        .fetchGroups(MESSAGE_ATTACHMENT.MESSAGE_ID, MESSAGE_ATTACHMENT.FILE_ID);
  }

  private static Condition isOf(StreamKey conversation) {
    return MESSAGE
        .TENANT_ID
        .eq(conversation.tenantId())
        .and(MESSAGE.CONVERSATION_ID.eq(conversation.id()));
  }

  private static Select<?> path(StreamKey source, Spot last, List<UUID> copyIds) {
    var depths = IntStream.range(0, copyIds.size()).boxed().toList();
    var copy =
        ArrayTable.of("copy", depths)
            .with(MESSAGE.DEPTH, depth -> depth)
            .with(COPY.getName(), COPY.getDataType(), copyIds::get);
    var own = MESSAGE.as("own");
    return select(own.fields())
        .select(field(name("copy", COPY.getName()), COPY.getDataType()).as(COPY.getName()))
        .from(Chain.messages(source, new Window(0, false, last.depth())).asTable(own))
        .join(copy.table())
        .on(own.DEPTH.eq(copy.field(MESSAGE.DEPTH)));
  }

  /// What the copies have: all of their originals but place, run and external id.
  private static Map<Field<?>, Field<?>> values(
      dev.agentserver.conversation.db.tables.Message original, StreamKey target) {
    var values = new LinkedHashMap<Field<?>, Field<?>>();
    for (var column : MESSAGE.fields()) {
      values.put(column, original.field(column));
    }
    values.put(MESSAGE.MESSAGE_ID, COPY);
    values.put(MESSAGE.CONVERSATION_ID, val(target.id()));
    values.put(MESSAGE.BRANCH_NO, inline(Branch.FIRST));
    values.put(MESSAGE.SEQ, seq(original));
    values.put(MESSAGE.PARTS_SEQ, seq(original));
    values.put(MESSAGE.RUN_ID, castNull(MESSAGE.RUN_ID));
    values.put(MESSAGE.EXTERNAL_ID, castNull(MESSAGE.EXTERNAL_ID));
    values.put(MESSAGE.REPLACES_MESSAGE_ID, castNull(MESSAGE.REPLACES_MESSAGE_ID));
    values.put(MESSAGE.VERSION, inline(1L));
    return values;
  }

  private static Field<Long> seq(dev.agentserver.conversation.db.tables.Message original) {
    return original.DEPTH.plus(1).cast(MESSAGE.SEQ);
  }

  /// Says in the copy where it comes from and what is in it.
  void finish(DSLContext db, StreamKey source, StreamKey target, List<Copied> copied) {
    var last = copied.isEmpty() ? null : copied.getLast();
    db.update(BRANCH)
        .set(BRANCH.LEAF_DEPTH, copied.size() - 1)
        .set(BRANCH.LEAF_MESSAGE_ID, last == null ? null : last.copyId())
        .where(BRANCH.TENANT_ID.eq(target.tenantId()))
        .and(BRANCH.CONVERSATION_ID.eq(target.id()))
        .execute();
    var shown = copied.stream().filter(one -> one.state() != State.REDACTED).count();
    db.update(CONVERSATION)
        .set(CONVERSATION.FORKED_FROM_CONVERSATION_ID, source.id())
        .set(CONVERSATION.FORKED_FROM_MESSAGE_ID, last == null ? null : last.messageId())
        .set(CONVERSATION.MESSAGE_COUNT, (int) shown)
        .set(CONVERSATION.LAST_EVENT_SEQ, (long) copied.size())
        .where(CONVERSATION.TENANT_ID.eq(target.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(target.id()))
        .execute();
    previews.refresh(db, target);
  }
}
