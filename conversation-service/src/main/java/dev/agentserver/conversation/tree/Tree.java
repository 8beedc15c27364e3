package dev.agentserver.conversation.tree;

import dev.agentserver.kit.problem.Problem;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What there is of a conversation's branches around the messages that others are put next to, and
/// how it grows by them. Its rule: below the newest message of a branch the branch goes on; below
/// any other message a branch is opened.
public final class Tree {
  /// Where a message was put.
  ///
  /// @param opened the branch that begins with it; null: it goes on with one
  public record Added(Spot spot, @Nullable Branch opened) {}

  private final Map<Integer, Branch> branches = new HashMap<>();
  private final Map<UUID, Spot> spots;
  private final Map<Integer, Branch> grown = new TreeMap<>();
  private int opened;
  private int lastBranchNo;
  private Spot newest;

  /// @param branches those of the spots, their parents, the active and the first branch, and all
  /// that is reached from these by jumps
  /// @param spots where the messages are that are named
  Tree(Collection<Branch> branches, Map<UUID, Spot> spots, int lastBranchNo, int activeBranchNo) {
    branches.forEach(branch -> this.branches.put(branch.branchNo(), branch));
    this.spots = new HashMap<>(spots);
    this.lastBranchNo = lastBranchNo;
    this.newest = new Spot(activeBranchNo, this.branches.get(activeBranchNo).leafDepth());
  }

  /// The branch that the parent is on.
  public Branch parentBranch(Anchor anchor) {
    return branches.get(parent(anchor).branchNo());
  }

  /// Puts a message there.
  public Added add(Anchor anchor, UUID messageId) {
    var parent = parent(anchor);
    var branch = branches.get(parent.branchNo());
    var goesOn = branch.leafDepth() == parent.depth();
    var now = (goesOn ? branch : open(branch, parent.depth())).grownBy(messageId);
    branches.put(now.branchNo(), now);
    grown.put(now.branchNo(), now);
    newest = new Spot(now.branchNo(), now.leafDepth());
    spots.put(messageId, newest);
    return new Added(newest, goesOn ? null : now);
  }

  /// How many branches were opened.
  public int opened() {
    return opened;
  }

  /// The branches that have got messages, the opened ones among them, as they are now.
  public Collection<Branch> grown() {
    return grown.values();
  }

  /// The number of the newest branch.
  public int lastBranchNo() {
    return lastBranchNo;
  }

  private Spot parent(Anchor anchor) {
    return switch (anchor) {
      case Anchor.Leaf() -> newest;
      case Anchor.Root() -> Spot.NOWHERE;
      case Anchor.Below(var id) -> spot(id);
      case Anchor.Beside(var id) -> {
        var sibling = spot(id);
        yield branches.get(sibling.branchNo()).parentOf(sibling.depth());
      }
    };
  }

  private Spot spot(UUID messageId) {
    var spot = spots.get(messageId);
    if (spot == null) {
      throw new Problem.NotFound("message", messageId.toString()).raise();
    }
    return spot;
  }

  private Branch open(Branch parent, int forkDepth) {
    opened++;
    return new Branch(
        ++lastBranchNo, parent.branchNo(), forkDepth, forkDepth, null, linkBelow(parent));
  }

  /// The jump of two jumps of the same length above each other is one of both together; else it is
  /// the step to the parent. So a way up has at most about three steps for each doubling of levels.
  private Branch.Link linkBelow(Branch parent) {
    var level = parent.link().level();
    var jump = branches.get(parent.link().jumpBranchNo());
    var beyond = branches.get(jump.link().jumpBranchNo());
    var together = level - jump.link().level() == jump.link().level() - beyond.link().level();
    var target = together ? beyond : parent;
    return new Branch.Link(level + 1, target.branchNo(), target.forkDepth());
  }
}
