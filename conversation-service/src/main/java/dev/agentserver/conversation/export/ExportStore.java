package dev.agentserver.conversation.export;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.export.Exported.Parent;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/// Finds the messages of a file, a page at a time, in the order of their places.
final class ExportStore {
  /// A message that is to be read.
  record Placed(UUID id, int branchNo, int depth, int sizeBytes, @Nullable Parent parent) {}

  /// What is wanted of a conversation.
  ///
  /// @param through no message that was created after this event
  record Wanted(UUID conversationId, long through) {}

  /// The messages after one, as far as the caller may read them.
  List<Placed> places(
      DSLContext db, Caller caller, Wanted wanted, @Nullable Placed after, int limit) {
    var parent = MESSAGE.as("parent");
    var place = row(MESSAGE.BRANCH_NO, MESSAGE.DEPTH);
    return db.select(
            MESSAGE.MESSAGE_ID,
            MESSAGE.BRANCH_NO,
            MESSAGE.DEPTH,
            MESSAGE.SIZE_BYTES,
            parent.MESSAGE_ID,
            parent.BRANCH_NO)
        .from(MESSAGE)
        .join(BRANCH)
        .on(BRANCH.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(BRANCH.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .and(BRANCH.BRANCH_NO.eq(MESSAGE.BRANCH_NO))
        .leftJoin(parent)
        .on(parent.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(parent.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .and(
            parent.BRANCH_NO.eq(
                when(MESSAGE.DEPTH.minus(1).eq(BRANCH.FORK_DEPTH), BRANCH.PARENT_BRANCH_NO)
                    .otherwise(MESSAGE.BRANCH_NO)))
        .and(parent.DEPTH.eq(MESSAGE.DEPTH.minus(1)))
        .where(MESSAGE.TENANT_ID.eq(caller.tenantId()))
        .and(MESSAGE.CONVERSATION_ID.eq(wanted.conversationId()))
        .and(MESSAGE.SEQ.le(wanted.through()))
        .and(Access.READ.to(caller, val(caller.tenantId()), val(wanted.conversationId())))
        .and(after == null ? place.gt(-1, -1) : place.gt(after.branchNo(), after.depth()))
        .orderBy(MESSAGE.BRANCH_NO, MESSAGE.DEPTH)
        .limit(limit)
        .fetch(found -> placed(found, parent));
  }

  private static Placed placed(
      Record found, dev.agentserver.conversation.db.tables.Message parent) {
    var depth = found.get(MESSAGE.DEPTH);
    var parentId = found.get(parent.MESSAGE_ID);
    return new Placed(
        found.get(MESSAGE.MESSAGE_ID),
        found.get(MESSAGE.BRANCH_NO),
        depth,
        found.get(MESSAGE.SIZE_BYTES),
        parentId == null ? null : new Parent(parentId, found.get(parent.BRANCH_NO), depth - 1));
  }
}
