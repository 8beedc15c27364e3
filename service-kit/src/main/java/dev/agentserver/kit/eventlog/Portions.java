package dev.agentserver.kit.eventlog;

import java.util.List;
import java.util.function.ToIntFunction;

/// How much a watcher is given at once. What a client does not take is held in memory for it alone,
/// so it is bounded in bytes too: many clients that stall at old events must cost little. Not safe
/// for use by several threads.
final class Portions<E> {
  /// What a watcher holds, about; one event may be larger.
  static final int BYTES = 128 * 1024;

  private final ToIntFunction<E> size;
  private final int most;
  private final long bound;
  private int limit;

  private Portions(ToIntFunction<E> size, int most, long bound) {
    this.size = size;
    this.most = most;
    this.limit = most;
    this.bound = bound;
  }

  /// @param most events at once, however small they are
  static <E> Portions<E> bounded(ToIntFunction<E> size, int most) {
    return new Portions<>(size, most, BYTES);
  }

  /// For who takes one portion and goes.
  static <E> Portions<E> whole(ToIntFunction<E> size, int most) {
    return new Portions<>(size, most, Long.MAX_VALUE);
  }

  /// How many to ask for, by the size of the last ones.
  int limit() {
    return limit;
  }

  /// Those of the events that fit, at least one. The rest is forgotten: it is asked for again.
  List<E> cut(List<E> events) {
    if (bound == Long.MAX_VALUE || events.size() == 1) {
      return events;
    }
    var count = 0;
    var bytes = 0L;
    while (count < events.size() && (count == 0 || bytes < bound)) {
      bytes += size.applyAsInt(events.get(count));
      count++;
    }
    limit = Math.clamp(bound * count / Math.max(1, bytes), 1, most);
    return count == events.size() ? events : List.copyOf(events.subList(0, count));
  }
}
