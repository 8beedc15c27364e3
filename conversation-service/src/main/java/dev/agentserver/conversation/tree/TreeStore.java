package dev.agentserver.conversation.tree;

import static dev.agentserver.conversation.db.Tables.BRANCH;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The rows of branches. Who changes them has locked the conversation.
public final class TreeStore {
  /// What the conversation's row says of its branches to somebody.
  public record Counted(int lastBranchNo, int activeBranchNo) {}

  /// Where the parent is of the message at a spot.
  public Spot parent(DSLContext db, StreamKey conversation, Spot spot) {
    return branches(db, conversation, List.of(spot.branchNo())).getFirst().parentOf(spot.depth());
  }

  /// What there is around the messages that are named. Those of other conversations are not found.
  public Tree around(
      DSLContext db, StreamKey conversation, Counted counted, Collection<UUID> messageIds) {
    var spots = messageIds.isEmpty() ? Map.<UUID, Spot>of() : spots(db, conversation, messageIds);
    var numbers =
        Stream.concat(
                Stream.of(Branch.FIRST, counted.activeBranchNo()),
                spots.values().stream().map(Spot::branchNo))
            .distinct()
            .toArray(Integer[]::new);
    return new Tree(
        withWaysUp(db, conversation, numbers),
        spots,
        counted.lastBranchNo(),
        counted.activeBranchNo());
  }

  /// The branches with these numbers, in their order.
  public List<Branch> branches(DSLContext db, StreamKey conversation, Collection<Integer> numbers) {
    return db.select(BranchRows.columns(BRANCH))
        .from(BRANCH)
        .where(of(BRANCH, conversation))
        .and(BRANCH.BRANCH_NO.eq(any(numbers.toArray(Integer[]::new))))
        .orderBy(BRANCH.BRANCH_NO)
        .fetch(row -> BranchRows.branch(BRANCH, row));
  }

  private static Map<UUID, Spot> spots(
      DSLContext db, StreamKey conversation, Collection<UUID> messageIds) {
    return db.select(MESSAGE.MESSAGE_ID, MESSAGE.BRANCH_NO, MESSAGE.DEPTH)
        .from(MESSAGE)
        .where(MESSAGE.TENANT_ID.eq(conversation.tenantId()))
        .and(MESSAGE.CONVERSATION_ID.eq(conversation.id()))
        .and(MESSAGE.MESSAGE_ID.eq(any(messageIds.toArray(UUID[]::new))))
        .fetchMap(MESSAGE.MESSAGE_ID, row -> new Spot(row.value2(), row.value3()));
  }

  /// The branches with these numbers, their parents, and what is reached from both by jumps: a few
  /// dozen rows for each at most, however many branches there are. Each step is made to be a look
  /// into the index: the planner knows nothing of how few there are.
  private static List<Branch> withWaysUp(DSLContext db, StreamKey conversation, Integer[] numbers) {
    var given = BRANCH.as("given");
    var above = BRANCH.as("above");
    var up = name("up");
    var way = BRANCH.as(up);
    var next =
        lateral(
                select(BRANCH.fields())
                    .from(BRANCH)
                    .where(of(BRANCH, conversation))
                    .and(BRANCH.BRANCH_NO.eq(way.JUMP_BRANCH_NO))
                    .limit(inline(1)))
            .as("next");
    var ways =
        up.as(
            select(above.fields())
                .from(given)
                .join(above)
                .on(of(above, conversation))
                .and(above.BRANCH_NO.eq(any(array(given.BRANCH_NO, given.PARENT_BRANCH_NO))))
                .where(of(given, conversation))
                .and(given.BRANCH_NO.eq(any(numbers)))
                .union(select(next.fields()).from(table(up)).crossJoin(next)));
    return db.withRecursive(ways)
        .select(BranchRows.columns(way))
        .from(table(up))
        .fetch(row -> BranchRows.branch(way, row));
  }

  /// Writes what has grown.
  public void write(DSLContext db, StreamKey conversation, Tree tree) {
    var given =
        ArrayTable.of("given", tree.grown())
            .with(BRANCH.TENANT_ID, _ -> conversation.tenantId())
            .with(BRANCH.CONVERSATION_ID, _ -> conversation.id())
            .with(BRANCH.BRANCH_NO, Branch::branchNo)
            .with(BRANCH.PARENT_BRANCH_NO, branch -> of(branch, branch.parentBranchNo()))
            .with(BRANCH.FORK_DEPTH, branch -> of(branch, branch.forkDepth()))
            .with(BRANCH.LEAF_DEPTH, Branch::leafDepth)
            .with(BRANCH.LEAF_MESSAGE_ID, Branch::leafMessageId)
            .with(BRANCH.LEVEL, branch -> branch.link().level())
            .with(BRANCH.JUMP_BRANCH_NO, branch -> branch.link().jumpBranchNo())
            .with(BRANCH.JUMP_FORK_DEPTH, branch -> branch.link().jumpForkDepth());
    db.insertInto(BRANCH, given.fields().stream().map(BRANCH::field).toList())
        .select(select(given.fields()).from(given.table()))
        .onConflict(BRANCH.TENANT_ID, BRANCH.CONVERSATION_ID, BRANCH.BRANCH_NO)
        .doUpdate()
        .set(BRANCH.LEAF_DEPTH, excluded(BRANCH.LEAF_DEPTH))
        .set(BRANCH.LEAF_MESSAGE_ID, excluded(BRANCH.LEAF_MESSAGE_ID))
        .execute();
  }

  /// The first branch has neither parent nor fork in its row.
  private static @Nullable Integer of(Branch branch, int value) {
    return branch.branchNo() == Branch.FIRST ? null : value;
  }

  static Condition of(dev.agentserver.conversation.db.tables.Branch table, StreamKey conversation) {
    return table
        .TENANT_ID
        .eq(conversation.tenantId())
        .and(table.CONVERSATION_ID.eq(conversation.id()));
  }
}
