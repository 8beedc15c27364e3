package dev.agentserver.conversation.tree;

/// Where a message is: its branch, and its depth there.
public record Spot(int branchNo, int depth) {
  /// Where the parent of those is who have none.
  static final Spot NOWHERE = new Spot(Branch.FIRST, -1);
}
