package dev.agentserver.kit.eventlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The items of one key that wait, and when they may be written. Guarded by its [Lane].
final class Waiting<I, O> {
  /// Longer than anybody waits.
  static final long NEVER = Long.MAX_VALUE / 2;

  private final GroupCommitLimits limits;
  private final ArrayDeque<Item<I, O>> items = new ArrayDeque<>();
  private int bytes;
  private boolean held;

  /// Those who want to withdraw the items: they come before the next group.
  private int wanted;

  /// Whether the pause after the last group still runs from [#writtenAt].
  private boolean pausing;

  private long writtenAt;

  Waiting(GroupCommitLimits limits) {
    this.limits = limits;
  }

  void add(Item<I, O> item) {
    items.addLast(item);
    bytes += item.bytes();
  }

  int bytes() {
    return bytes;
  }

  /// Whether items of the key are being written: nobody else may write others then.
  boolean held() {
    return held;
  }

  void want(int change) {
    wanted += change;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  void hold() {
    held = true;
  }

  /// Takes up to `count` items, the oldest first.
  List<Item<I, O>> take(int count) {
    var taken = new ArrayList<Item<I, O>>();
    while (taken.size() < count && !items.isEmpty()) {
      var item = items.removeFirst();
      bytes -= item.bytes();
      taken.add(item);
    }
    return taken;
  }

  /// A group with items of the key was written. What had no room in it goes with the next.
  void written(long now, boolean all) {
    held = false;
    pausing = all;
    writtenAt = now;
  }

  /// What was withdrawn and not written is the first again.
  void release(List<Item<I, O>> back) {
    held = false;
    for (var item : back.reversed()) {
      items.addFirst(item);
      bytes += item.bytes();
    }
  }

  boolean due(long now, boolean open) {
    return !held && wanted == 0 && !items.isEmpty() && (!open || pause(now) <= 0);
  }

  /// How long until the items may be written.
  long pause(long now) {
    if (held || wanted > 0 || items.isEmpty()) {
      return NEVER;
    }
    return pausing && bytes < limits.pauseBytes() ? left(now) : 0;
  }

  /// Whether nothing has to be known of the key any more.
  boolean idle(long now, boolean open) {
    return !held && wanted == 0 && items.isEmpty() && (!open || !pausing || left(now) <= 0);
  }

  private long left(long now) {
    return Math.max(0, limits.pause().toNanos() - (now - writtenAt));
  }
}
