package dev.agentserver.conversation.message;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.tree.ActiveBranch;
import dev.agentserver.conversation.tree.Chain;
import dev.agentserver.conversation.tree.Chain.Window;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.CommonTableExpression;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.Select;
import org.jooq.WithStep;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// Reads messages. A page is one statement, attachments and authorization included.
public final class MessageStore {
  /// A page holds at most this much content, so that 1,000 rows of 4 MiB are never in memory
  /// together.
  static final int PAGE_BYTES = 2 * 1024 * 1024;

  private static final String RUNNING_BYTES = "running_bytes";
  private static final String FETCHED = "fetched";

  /// Which messages of a path.
  ///
  /// @param branchNo whose path; null: that of the caller's active branch
  record Range(UUID conversationId, @Nullable Integer branchNo, Window window) {}

  /// The messages read, whose path they are, and whether there are more in the same direction.
  ///
  /// @param head the conversation's newest event at that moment
  record Slice(List<Message> messages, int branchNo, boolean more, long head) {}

  /// The branch of a path, and the one that owns a message of it.
  record Owned(int tip, int owner) {}

  /// A message, and the conversation's newest event at that moment.
  record Found(Message message, long head) {}

  Optional<Found> find(DSLContext db, Caller caller, UUID messageId) {
    var head = head(MESSAGE.TENANT_ID, MESSAGE.CONVERSATION_ID);
    return db.select(MessageRows.columns(MESSAGE))
        .select(head)
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
        .and(MESSAGE.MESSAGE_ID.eq(messageId))
        .and(Access.readable(caller, MESSAGE.CONVERSATION_ID))
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

  Slice list(DSLContext db, Caller caller, Range range) {
    var conversation = new StreamKey(caller.tenantId(), range.conversationId());
    var candidates = Chain.messages(conversation, range.window());
    var window = range.window();
    return cut(
        db.withRecursive(chain(caller, range)),
        conversation,
        candidates,
        candidate -> window.newestFirst() ? candidate.DEPTH.desc() : candidate.DEPTH.asc(),
        window.size());
  }

  /// Messages with one parent, in the order of their creation: the one on the parent's own branch,
  /// then those that began branches.
  ///
  /// @param afterBranchNo those on branches beyond this one
  Slice siblings(
      DSLContext db, Caller caller, UUID conversationId, Spot parent, int afterBranchNo, int size) {
    var conversation = new StreamKey(caller.tenantId(), conversationId);
    var begun = BRANCH.as("begun");
    var sibling = MESSAGE.as("sibling");
    var branch = field(name("at", "branch_no"), SQLDataType.INTEGER);
    var at =
        select(val(parent.branchNo()).as("branch_no"))
            .where(val(parent.branchNo()).gt(afterBranchNo))
            .unionAll(
                select(begun.BRANCH_NO)
                    .from(begun)
                    .where(begun.TENANT_ID.eq(caller.tenantId()))
                    .and(begun.CONVERSATION_ID.eq(conversationId))
                    .and(begun.PARENT_BRANCH_NO.eq(parent.branchNo()))
                    .and(begun.FORK_DEPTH.eq(parent.depth()))
                    .and(begun.BRANCH_NO.gt(afterBranchNo))
                    .orderBy(begun.BRANCH_NO)
                    .limit(size + 1));
    var own =
        lateral(
                select(sibling.fields())
                    .from(sibling)
                    .where(sibling.TENANT_ID.eq(caller.tenantId()))
                    .and(sibling.CONVERSATION_ID.eq(conversationId))
                    .and(sibling.BRANCH_NO.eq(branch))
                    .and(sibling.DEPTH.eq(parent.depth() + 1))
                    .limit(inline(1)))
            .as("own");
    var candidates =
        select(branch.as(Chain.TIP.getUnqualifiedName()))
            .select(own.fields())
            .from(table(name("at")))
            .crossJoin(own)
            .where(Access.readable(caller, val(conversationId)));
    return cut(
        db.with(name("at").as(at)),
        conversation,
        candidates,
        candidate -> candidate.BRANCH_NO.asc(),
        size);
  }

  /// The rows are cut first, then measured, and only those that fit into a page are read.
  private static Slice cut(
      WithStep db,
      StreamKey conversation,
      Select<Record> candidates,
      Function<dev.agentserver.conversation.db.tables.Message, OrderField<?>> order,
      int size) {
    var row = MESSAGE.as("candidate");
    var candidate = candidates.asTable(row);
    var page = MESSAGE.as("page");
    var tip = candidate.field(Chain.TIP);
    var measured =
        select(row.fields())
            .select(
                tip,
                sum(row.SIZE_BYTES).over().orderBy(order.apply(row)).as(RUNNING_BYTES),
                count().over().as(FETCHED))
            .from(candidate)
            .asTable("page");
    var head = head(val(conversation.tenantId()), val(conversation.id()));
    var fetched = measured.field(FETCHED, Integer.class);
    var rows =
        db.select(MessageRows.columns(page))
            .select(measured.field(tip), fetched, head)
            .from(measured)
            .where(
                measured
                    .field(RUNNING_BYTES, Long.class)
                    .minus(page.SIZE_BYTES)
                    .lt((long) PAGE_BYTES))
            .orderBy(order.apply(page))
            .limit(size)
            .fetch();
    if (rows.isEmpty()) {
      return new Slice(List.of(), 0, false, 0);
    }
    var first = rows.getFirst();
    return new Slice(
        rows.map(found -> MessageRows.message(page, found)),
        first.get(measured.field(tip)),
        first.get(fetched) > rows.size(),
        first.get(head));
  }

  /// The branch asked for, and the one that owns its message at a depth; empty where it has none.
  Optional<Owned> owner(
      DSLContext db, Caller caller, UUID conversationId, @Nullable Integer branchNo, int depth) {
    var range = new Range(conversationId, branchNo, new Window(depth, false, 0));
    return db.withRecursive(chain(caller, range))
        .select(Chain.TIP, Chain.OWNER)
        .from(Chain.pieces())
        .fetchOptional(Records.mapping(Owned::new));
  }

  /// Named by value, not by row: PostgreSQL then asks once whether the caller may read, not for
  /// each message.
  private static CommonTableExpression<?> chain(Caller caller, Range range) {
    var conversationId = val(range.conversationId());
    var branchNo =
        range.branchNo() == null
            ? ActiveBranch.of(caller, val(caller.tenantId()), conversationId)
            : val(range.branchNo());
    return Chain.of(
        new StreamKey(caller.tenantId(), range.conversationId()),
        branchNo,
        Access.readable(caller, conversationId),
        range.window());
  }

  boolean branchExists(DSLContext db, UUID tenantId, UUID conversationId, int branchNo) {
    return db.fetchExists(
        BRANCH,
        BRANCH
            .TENANT_ID
            .eq(tenantId)
            .and(BRANCH.CONVERSATION_ID.eq(conversationId))
            .and(BRANCH.BRANCH_NO.eq(branchNo)));
  }

  /// The newest event of a conversation that the caller may read; empty when there is none. Asked
  /// only when a page is empty.
  Optional<Long> head(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.LAST_EVENT_SEQ)
        .from(CONVERSATION)
        .where(CONVERSATION.TENANT_ID.eq(caller.tenantId()))
        .and(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(Access.readable(caller, val(conversationId)))
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
}
