package dev.agentserver.conversation.tree;

/// Branches as the contract has them.
public final class BranchProto {
  private BranchProto() {}

  public static dev.agentserver.conversation.v1.Branch toProto(Branch branch) {
    var leaf = branch.leafMessageId();
    return dev.agentserver.conversation.v1.Branch.newBuilder()
        .setBranchNo(branch.branchNo())
        .setParentBranchNo(branch.parentBranchNo())
        .setForkDepth(branch.forkDepth())
        .setLeafDepth(branch.leafDepth())
        .setLeafMessageId(leaf == null ? "" : leaf.toString())
        .build();
  }
}
