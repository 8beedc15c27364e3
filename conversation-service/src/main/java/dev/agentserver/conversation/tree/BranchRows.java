package dev.agentserver.conversation.tree;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import dev.agentserver.conversation.tree.Branch.Link;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;

/// A branch's row, and the branch it is.
public final class BranchRows {
  private BranchRows() {}

  /// The columns that [#branch] reads.
  public static List<Field<?>> columns(dev.agentserver.conversation.db.tables.Branch table) {
    return List.of(
        table.BRANCH_NO,
        parentBranchNo(table),
        forkDepth(table),
        table.LEAF_DEPTH,
        table.LEAF_MESSAGE_ID,
        table.LEVEL,
        table.JUMP_BRANCH_NO,
        table.JUMP_FORK_DEPTH);
  }

  public static Branch branch(dev.agentserver.conversation.db.tables.Branch table, Record row) {
    return new Branch(
        row.get(table.BRANCH_NO),
        row.get(parentBranchNo(table)),
        row.get(forkDepth(table)),
        row.get(table.LEAF_DEPTH),
        row.get(table.LEAF_MESSAGE_ID),
        new Link(
            row.get(table.LEVEL), row.get(table.JUMP_BRANCH_NO), row.get(table.JUMP_FORK_DEPTH)));
  }

  /// The first branch has no parent in its row.
  static Field<Integer> parentBranchNo(dev.agentserver.conversation.db.tables.Branch table) {
    return coalesce(table.PARENT_BRANCH_NO, inline(Branch.FIRST))
        .as(table.PARENT_BRANCH_NO.getUnqualifiedName());
  }

  static Field<Integer> forkDepth(dev.agentserver.conversation.db.tables.Branch table) {
    return coalesce(table.FORK_DEPTH, inline(-1)).as(table.FORK_DEPTH.getUnqualifiedName());
  }
}
