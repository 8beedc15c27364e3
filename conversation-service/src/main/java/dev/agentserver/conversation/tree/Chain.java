package dev.agentserver.conversation.tree;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.greatest;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.least;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.agentserver.kit.eventlog.StreamKey;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/// A part of a path, and the branches that own the messages there.
///
/// The path of a branch is made of pieces: of each branch on its chain the depths after its fork,
/// up to where the next one leaves. The way to the piece with the greatest depth asked for goes by
/// jumps, from there each step is one piece. So a page costs about the logarithm of the number of
/// branches above, and a step for each of its messages at most.
public final class Chain {
  /// The branch whose path it is.
  public static final Field<Integer> TIP = number("tip");

  /// The branch that owns a piece.
  public static final Field<Integer> OWNER = number("branch_no");

  private static final Name NAME = name("chain");
  private static final Field<Integer> PARENT = number("parent_branch_no");
  private static final Field<Integer> FORK = number("fork_depth");
  private static final Field<Integer> JUMP = number("jump_branch_no");
  private static final Field<Integer> JUMP_FORK = number("jump_fork_depth");
  private static final Field<Integer> LOW = number("low");
  private static final Field<Integer> HIGH = number("high");
  private static final Field<Integer> UPPER = number("upper");

  private Chain() {}

  /// Which depths: `from` and up to `size` beyond it, in one direction.
  public record Window(int from, boolean newestFirst, int size) {
    private Field<Integer> high(Field<Integer> leaf) {
      return least(leaf, val(newestFirst ? from : from + size));
    }

    private Field<Integer> low(Field<Integer> leaf) {
      return newestFirst ? greatest(inline(0), high(leaf).minus(size)) : val(from);
    }
  }

  /// What a statement begins with that reads [#pieces], after `with recursive`.
  ///
  /// @param branchNo the branch whose path it is
  /// @param readable what must be true, else there are no pieces
  public static CommonTableExpression<?> of(
      StreamKey conversation, Field<Integer> branchNo, Condition readable, Window window) {
    var tip = BRANCH.as("tip_branch");
    var above = BRANCH.as("above");
    var begin =
        select(
                tip.BRANCH_NO,
                tip.BRANCH_NO,
                BranchRows.parentBranchNo(tip),
                BranchRows.forkDepth(tip),
                tip.JUMP_BRANCH_NO,
                tip.JUMP_FORK_DEPTH,
                window.low(tip.LEAF_DEPTH),
                window.high(tip.LEAF_DEPTH),
                window.high(tip.LEAF_DEPTH))
            .from(tip)
            .where(TreeStore.of(tip, conversation))
            .and(tip.BRANCH_NO.eq(branchNo))
            .and(readable);
    // A step is made to be a look into the index: the planner knows nothing of how few there are.
    var next =
        lateral(
                select(above.fields())
                    .from(above)
                    .where(TreeStore.of(above, conversation))
                    .and(
                        above.BRANCH_NO.eq(
                            when(FORK.ge(HIGH).and(JUMP_FORK.ge(HIGH)), JUMP).otherwise(PARENT)))
                    .limit(inline(1)))
            .as(above);
    var step =
        select(
                TIP,
                above.BRANCH_NO,
                BranchRows.parentBranchNo(above),
                BranchRows.forkDepth(above),
                above.JUMP_BRANCH_NO,
                above.JUMP_FORK_DEPTH,
                LOW,
                HIGH,
                least(HIGH, FORK))
            .from(table(NAME))
            .crossJoin(next)
            .where(FORK.ge(LOW));
    return NAME.fields(
            TIP.getUnqualifiedName(),
            OWNER.getUnqualifiedName(),
            PARENT.getUnqualifiedName(),
            FORK.getUnqualifiedName(),
            JUMP.getUnqualifiedName(),
            JUMP_FORK.getUnqualifiedName(),
            LOW.getUnqualifiedName(),
            HIGH.getUnqualifiedName(),
            UPPER.getUnqualifiedName())
        .as(begin.unionAll(step));
  }

  /// The branches that own pieces of the path.
  public static Table<?> pieces() {
    return table(select(TIP, OWNER, FORK, LOW, UPPER).from(table(NAME)).where(FORK.lt(HIGH)))
        .as(NAME);
  }

  /// True of a place that is on a piece.
  public static Condition holds(Field<Integer> branchNo, Field<Integer> depth) {
    return branchNo.eq(OWNER).and(depth.gt(FORK)).and(depth.ge(LOW)).and(depth.le(UPPER));
  }

  /// The messages of the path there, with the branch whose path it is; named like the columns of
  /// the messages' table.
  public static Select<Record> messages(StreamKey conversation, Window window) {
    var own = MESSAGE.as("own");
    var piece =
        lateral(
                select(own.fields())
                    .from(own)
                    .where(own.TENANT_ID.eq(conversation.tenantId()))
                    .and(own.CONVERSATION_ID.eq(conversation.id()))
                    .and(own.BRANCH_NO.eq(OWNER))
                    .and(own.DEPTH.gt(FORK))
                    .and(own.DEPTH.ge(LOW))
                    .and(own.DEPTH.le(UPPER))
                    .orderBy(own.DEPTH)
                    .limit(window.size() + 1))
            .as("piece");
    return select(TIP).select(piece.fields()).from(pieces()).crossJoin(piece);
  }

  private static Field<Integer> number(String column) {
    return field(name("chain", column), SQLDataType.INTEGER);
  }
}
