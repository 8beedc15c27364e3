package dev.agentserver.kit.eventlog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The newest events of one stream, kept in memory up to a bound. What is older is read from the
/// table. Not safe for use by several threads.
final class Recent<E> {
  /// What an event takes here beyond its own size.
  private static final int OVERHEAD = 64;

  private static final int FIRST_SLOTS = 16;

  private final EventTable<E> table;
  private final EventLogLimits limits;
  private final AtomicLong total;
  private Object[] slots = new Object[FIRST_SLOTS];
  private long start;
  private long end;
  private long bytes;

  /// @param total the bytes that all of them keep together
  Recent(EventTable<E> table, EventLogLimits limits, AtomicLong total) {
    this.table = table;
    this.limits = limits;
    this.total = total;
  }

  /// Everything after this event is here, up to [#end].
  long start() {
    return start;
  }

  /// The newest event that was read.
  long end() {
    return end;
  }

  long bytes() {
    return bytes;
  }

  /// Forgets everything and goes on after `seq`.
  void restart(long seq) {
    clear();
    start = seq;
    end = seq;
  }

  /// Forgets the events, not how far they went.
  void clear() {
    Arrays.fill(slots, null);
    slots = slots.length == FIRST_SLOTS ? slots : new Object[FIRST_SLOTS];
    grow(-bytes);
    start = end;
  }

  /// Adds events that follow the newest, and drops the oldest that are too many then.
  void add(List<E> events) {
    for (var event : events) {
      reserve(end - start + 1);
      end++;
      put(end, event);
      while (end - start > 1 && tooMuch()) {
        dropOldest();
      }
    }
  }

  /// Adds older events where there is room for them. The last of them must reach what is here.
  void addOlder(List<E> events) {
    for (var event : events.reversed()) {
      if (table.seq(event) != start) {
        continue;
      }
      reserve(end - start + 1);
      put(start, event);
      start--;
      if (tooMuch()) {
        dropOldest();
        return;
      }
    }
  }

  /// The events after `seq`, which must not be before the start.
  List<E> after(long seq, int limit) {
    var last = Math.min(end, seq + limit);
    var events = new ArrayList<E>((int) (last - seq));
    for (var next = seq + 1; next <= last; next++) {
      events.add(at(next));
    }
    return events;
  }

  private boolean tooMuch() {
    return end - start > limits.tailEvents()
        || bytes > limits.tailBytes()
        || total.get() > limits.totalBytes();
  }

  private void dropOldest() {
    start++;
    grow(-size(at(start)));
    slots[slot(start, slots.length)] = null;
  }

  private void put(long seq, E event) {
    slots[slot(seq, slots.length)] = event;
    grow(size(event));
  }

  /// Events lie where their number says, so a longer array has other places for them.
  private void reserve(long count) {
    if (count <= slots.length) {
      return;
    }
    var longer = new Object[slots.length * 2];
    for (var seq = start + 1; seq <= end; seq++) {
      longer[slot(seq, longer.length)] = slots[slot(seq, slots.length)];
    }
    slots = longer;
  }

  private static int slot(long seq, int length) {
    return (int) (seq & (length - 1));
  }

  @SuppressWarnings("unchecked")
  private E at(long seq) {
    return (E) slots[slot(seq, slots.length)];
  }

  private long size(E event) {
    return table.bytes(event) + OVERHEAD;
  }

  private void grow(long by) {
    bytes += by;
    total.addAndGet(by);
  }
}
