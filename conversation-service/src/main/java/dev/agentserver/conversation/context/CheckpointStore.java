package dev.agentserver.conversation.context;

import static dev.agentserver.conversation.db.Tables.CONTEXT_CHECKPOINT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.tree.Chain;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of summaries.
final class CheckpointStore {
  private static final List<Field<?>> COLUMNS =
      List.of(
          MESSAGE.MESSAGE_ID,
          CONTEXT_CHECKPOINT.CONVERSATION_ID,
          CONTEXT_CHECKPOINT.DEPTH,
          CONTEXT_CHECKPOINT.SUMMARY,
          CONTEXT_CHECKPOINT.TOKEN_COUNT,
          CONTEXT_CHECKPOINT.CREATED_AT);

  /// Locks the conversation, so that nothing is deleted in it meanwhile. False: the caller may not
  /// write to it.
  boolean lock(DSLContext db, Caller caller, UUID conversationId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(Access.WRITE.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .forNoKeyUpdate()
        .fetchOptional()
        .isPresent();
  }

  /// Stores one in place of the one that there is; empty: there is no such message, or it is still
  /// being written.
  Optional<Checkpoint> put(
      DSLContext db,
      UUID tenantId,
      UUID conversationId,
      UUID messageId,
      String summary,
      @Nullable Integer tokens) {
    var now = DSL.function("clock_timestamp", OffsetDateTime.class);
    var stored =
        db.insertInto(
                CONTEXT_CHECKPOINT,
                CONTEXT_CHECKPOINT.TENANT_ID,
                CONTEXT_CHECKPOINT.CONVERSATION_ID,
                CONTEXT_CHECKPOINT.BRANCH_NO,
                CONTEXT_CHECKPOINT.DEPTH,
                CONTEXT_CHECKPOINT.SUMMARY,
                CONTEXT_CHECKPOINT.TOKEN_COUNT,
                CONTEXT_CHECKPOINT.CREATED_AT)
            .select(
                select(
                        MESSAGE.TENANT_ID,
                        MESSAGE.CONVERSATION_ID,
                        MESSAGE.BRANCH_NO,
                        MESSAGE.DEPTH,
                        val(summary),
                        val(tokens, CONTEXT_CHECKPOINT.TOKEN_COUNT),
                        now)
                    .from(MESSAGE)
                    .where(MESSAGE.TENANT_ID.eq(tenantId))
                    .and(MESSAGE.MESSAGE_ID.eq(messageId))
                    .and(MESSAGE.CONVERSATION_ID.eq(conversationId))
                    .and(MESSAGE.STATE.ne(State.STREAMING.name())))
            .onConflict(
                CONTEXT_CHECKPOINT.TENANT_ID,
                CONTEXT_CHECKPOINT.CONVERSATION_ID,
                CONTEXT_CHECKPOINT.BRANCH_NO,
                CONTEXT_CHECKPOINT.DEPTH)
            .doUpdate()
            .set(CONTEXT_CHECKPOINT.SUMMARY, excluded(CONTEXT_CHECKPOINT.SUMMARY))
            .set(CONTEXT_CHECKPOINT.TOKEN_COUNT, excluded(CONTEXT_CHECKPOINT.TOKEN_COUNT))
            .set(CONTEXT_CHECKPOINT.CREATED_AT, excluded(CONTEXT_CHECKPOINT.CREATED_AT))
            .returningResult(CONTEXT_CHECKPOINT.DEPTH, CONTEXT_CHECKPOINT.CREATED_AT)
            .fetchOptional();
    return stored.map(
        row ->
            new Checkpoint(
                messageId,
                conversationId,
                row.value1(),
                summary,
                tokens,
                row.value2().toInstant()));
  }

  /// The deepest ones on the path to a message.
  ///
  /// @param low those of this depth at least
  List<Checkpoint> onPath(DSLContext db, UUID tenantId, Message leaf, int low, int limit) {
    var conversation = new StreamKey(tenantId, leaf.conversationId());
    var place = leaf.place();
    var any =
        exists(
            selectOne()
                .from(CONTEXT_CHECKPOINT)
                .where(CONTEXT_CHECKPOINT.TENANT_ID.eq(tenantId))
                .and(CONTEXT_CHECKPOINT.CONVERSATION_ID.eq(leaf.conversationId())));
    var window = new Chain.Window(place.depth(), true, place.depth() - low);
    return db.withRecursive(Chain.of(conversation, val(place.branchNo()), any, window))
        .select(COLUMNS)
        .from(Chain.pieces())
        .join(CONTEXT_CHECKPOINT)
        .on(CONTEXT_CHECKPOINT.TENANT_ID.eq(tenantId))
        .and(CONTEXT_CHECKPOINT.CONVERSATION_ID.eq(leaf.conversationId()))
        .and(Chain.holds(CONTEXT_CHECKPOINT.BRANCH_NO, CONTEXT_CHECKPOINT.DEPTH))
        .join(MESSAGE)
        .on(MESSAGE.TENANT_ID.eq(CONTEXT_CHECKPOINT.TENANT_ID))
        .and(MESSAGE.CONVERSATION_ID.eq(CONTEXT_CHECKPOINT.CONVERSATION_ID))
        .and(MESSAGE.BRANCH_NO.eq(CONTEXT_CHECKPOINT.BRANCH_NO))
        .and(MESSAGE.DEPTH.eq(CONTEXT_CHECKPOINT.DEPTH))
        .orderBy(CONTEXT_CHECKPOINT.DEPTH.desc())
        .limit(limit)
        .fetch(CheckpointStore::checkpoint);
  }

  private static Checkpoint checkpoint(Record row) {
    return new Checkpoint(
        row.get(MESSAGE.MESSAGE_ID),
        row.get(CONTEXT_CHECKPOINT.CONVERSATION_ID),
        row.get(CONTEXT_CHECKPOINT.DEPTH),
        row.get(CONTEXT_CHECKPOINT.SUMMARY),
        row.get(CONTEXT_CHECKPOINT.TOKEN_COUNT),
        row.get(CONTEXT_CHECKPOINT.CREATED_AT).toInstant());
  }
}
