package dev.agentserver.conversation.branch;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.tree.Branch;
import dev.agentserver.conversation.tree.BranchRows;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Reads branches.
final class BranchStore {
  /// Those beyond a number, in their order; none of a conversation the caller may not read.
  List<Branch> list(DSLContext db, Caller caller, UUID conversationId, int after, int limit) {
    return db.select(BranchRows.columns(BRANCH))
        .from(BRANCH)
        .where(BRANCH.TENANT_ID.eq(caller.tenantId()))
        .and(BRANCH.CONVERSATION_ID.eq(conversationId))
        .and(BRANCH.BRANCH_NO.gt(after))
        .and(Access.readable(caller, val(conversationId)))
        .orderBy(BRANCH.BRANCH_NO)
        .limit(limit)
        .fetch(row -> BranchRows.branch(BRANCH, row));
  }

  Optional<Branch> find(DSLContext db, StreamKey conversation, int branchNo) {
    return db.select(BranchRows.columns(BRANCH))
        .from(BRANCH)
        .where(BRANCH.TENANT_ID.eq(conversation.tenantId()))
        .and(BRANCH.CONVERSATION_ID.eq(conversation.id()))
        .and(BRANCH.BRANCH_NO.eq(branchNo))
        .fetchOptional(row -> BranchRows.branch(BRANCH, row));
  }
}
