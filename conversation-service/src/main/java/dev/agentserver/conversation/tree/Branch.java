package dev.agentserver.conversation.tree;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A line of messages: its parent's up to `forkDepth`, then its own up to `leafDepth`.
///
/// The parent is the branch that owns the message at `forkDepth`. Of the first branch the parent is
/// itself and the fork depth -1: it owns all that it holds.
public record Branch(
    int branchNo,
    int parentBranchNo,
    int forkDepth,
    int leafDepth,
    @Nullable UUID leafMessageId,
    Link link) {
  /// The branch every conversation begins with.
  public static final int FIRST = 0;

  /// How other branches are reached from it without going through all between: a skip list that is
  /// a tree (Myers, "An applicative random-access stack", 1983).
  ///
  /// @param level how many branches it hangs on
  /// @param jumpBranchNo a branch further up
  /// @param jumpForkDepth the fork depth there
  public record Link(int level, int jumpBranchNo, int jumpForkDepth) {}

  /// Where the parent is of its message at a depth.
  Spot parentOf(int depth) {
    return new Spot(depth - 1 > forkDepth ? branchNo : parentBranchNo, depth - 1);
  }

  Branch grownBy(UUID messageId) {
    return new Branch(branchNo, parentBranchNo, forkDepth, leafDepth + 1, messageId, link);
  }
}
