package dev.agentserver.kit.db;

import java.util.function.Supplier;

/// How large pages are, which may change while the process runs.
///
/// @param usual when none was asked for
/// @param most when more was asked for
public record PageSizes(Supplier<Integer> usual, Supplier<Integer> most) {
  /// The size of a page that was asked for; 0: the usual one.
  public int of(int requested) {
    var max = most.get();
    return PageScope.size(requested, Math.min(usual.get(), max), max);
  }
}
