package dev.agentserver.kit.eventlog;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The end of one stream that somebody watches here: its newest events, who waits for the next one,
/// and whether somebody is reading on. Its watchers have no more than a number.
final class Tail<E> {
  private final StreamKey stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock opening = new ReentrantLock();
  private final Recent<E> recent;
  private final Set<Thread> parked = new HashSet<>();
  private final Outage outage = new Outage();
  private final AtomicInteger watchers = new AtomicInteger();

  /// What is known to be committed, from the table.
  private Head head = new Head(0, 0);

  /// What was said to be committed, by whoever rang.
  private long rung;

  /// How often it rang, and how often it had when the reader began its turn.
  private long rings;

  private long ringsRead;

  private boolean opened;
  private boolean reading;
  private boolean gone;
  private boolean dropped;

  /// What a watcher finds after its place.
  sealed interface Found<E> {
    /// These.
    record Events<E>(List<E> events, long lag) implements Found<E> {}

    /// Older events than are kept here.
    record Older<E>(Head head) implements Found<E> {}

    /// Nothing yet; the thread will be woken.
    record Nothing<E>() implements Found<E> {}

    /// The stream ends before this place: the database came back from an older backup.
    record Lost<E>(Head head) implements Found<E> {}

    /// There is no such stream any more.
    record Gone<E>() implements Found<E> {}
  }

  Tail(StreamKey stream, Recent<E> recent) {
    this.stream = stream;
    this.recent = recent;
  }

  StreamKey stream() {
    return stream;
  }

  Outage outage() {
    return outage;
  }

  AtomicInteger watchers() {
    return watchers;
  }

  /// Held by whoever asks for the head, which the others then need not.
  ReentrantLock opening() {
    return opening;
  }

  /// Begins at the head. What was rung before that is kept in mind, so nothing that is committed
  /// while the head is asked for is missed.
  ///
  /// @return whether somebody must read
  boolean open(Head at) {
    lock.lock();
    try {
      opened = true;
      recent.restart(at.seq());
      head = at;
      return mustRead();
    } finally {
      lock.unlock();
    }
  }

  boolean opened() {
    return locked(() -> opened);
  }

  boolean gone() {
    return locked(() -> gone);
  }

  Head head() {
    return locked(() -> head);
  }

  /// The stream has come this far, it is said.
  ///
  /// @return whether somebody must read
  boolean ring(long seq) {
    lock.lock();
    try {
      rung(seq);
      return mustRead();
    } finally {
      lock.unlock();
    }
  }

  /// The stream has come this far, the table says.
  ///
  /// @return whether somebody must read
  boolean learn(Head found) {
    lock.lock();
    try {
      know(found.seq());
      head = new Head(head.seq(), Math.max(head.compactedThrough(), found.compactedThrough()));
      rung(found.seq());
      return mustRead();
    } finally {
      lock.unlock();
    }
  }

  private void rung(long seq) {
    rings++;
    rung = Math.max(rung, seq);
  }

  private void know(long seq) {
    if (seq > head.seq()) {
      head = new Head(seq, head.compactedThrough());
    }
  }

  private boolean mustRead() {
    if (!opened || reading || gone || dropped || rung <= recent.end()) {
      return false;
    }
    reading = true;
    return true;
  }

  /// Where to read on; -1 when there is nothing to be read any more, and the reader's turn is over.
  long readAfter() {
    lock.lock();
    try {
      if (gone || dropped || rung <= recent.end()) {
        reading = false;
        return -1;
      }
      ringsRead = rings;
      return recent.end();
    } finally {
      lock.unlock();
    }
  }

  /// The reader gives up; the next ring begins anew.
  void stopReading() {
    lock.lock();
    reading = false;
    lock.unlock();
  }

  /// Adds what was read after `seq` and wakes those who wait.
  void add(long seq, List<E> events) {
    change(
        () -> {
          if (!dropped && seq == recent.end()) {
            recent.add(events);
            know(recent.end());
          }
        });
  }

  /// Adds what a watcher has read for itself, so that the next one need not.
  ///
  /// @return whether somebody must read
  boolean addOlder(long last, List<E> events) {
    lock.lock();
    try {
      know(last);
      rung(last);
      if (!dropped) {
        recent.addOlder(events);
      }
      return mustRead();
    } finally {
      lock.unlock();
    }
  }

  /// What follows `seq` here is gone: goes on later. Those who are not so far find it out.
  void skip(long seq, Head to, long next, List<E> events) {
    change(
        () -> {
          if (!dropped && seq == recent.end()) {
            recent.restart(next);
            head = to;
            recent.add(events);
            know(recent.end());
          }
        });
  }

  /// Nothing follows the newest event: whoever rang was mistaken, unless it rang again meanwhile.
  void settle(Head found) {
    lock.lock();
    if (rings == ringsRead) {
      rung = Math.max(recent.end(), found.seq());
    }
    lock.unlock();
  }

  /// The stream is shorter than it was: goes on from its new head.
  void lose(Head to) {
    change(
        () -> {
          recent.restart(to.seq());
          rung = to.seq();
          head = to;
        });
  }

  void end() {
    change(() -> gone = true);
  }

  /// Forgets everything for good.
  void drop() {
    change(
        () -> {
          dropped = true;
          recent.clear();
        });
  }

  /// Gives memory back; what is asked for after all is read from the table.
  void forget() {
    change(recent::clear);
  }

  void wakeAll() {
    change(() -> {});
  }

  /// Whether what follows `seq` is here.
  boolean keeps(long seq) {
    return locked(() -> seq >= recent.start());
  }

  /// What follows `seq`. When there is nothing yet the thread is noted, to be woken at the next
  /// change; looking and noting are one step, so no change is missed.
  Found<E> take(long seq, int limit, Thread watcher) {
    lock.lock();
    try {
      parked.remove(watcher);
      if (seq < recent.start()) {
        return gone ? new Found.Gone<>() : new Found.Older<>(head);
      }
      if (seq < recent.end()) {
        return new Found.Events<>(recent.after(seq, limit), recent.end() - seq);
      }
      if (gone) {
        return new Found.Gone<>();
      }
      if (seq > head.seq()) {
        return new Found.Lost<>(head);
      }
      parked.add(watcher);
      return new Found.Nothing<>();
    } finally {
      lock.unlock();
    }
  }

  void leave(Thread watcher) {
    lock.lock();
    parked.remove(watcher);
    lock.unlock();
  }

  private <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    Thread[] woken;
    lock.lock();
    try {
      change.run();
      woken = parked.toArray(Thread[]::new);
      parked.clear();
    } finally {
      lock.unlock();
    }
    for (var watcher : woken) {
      LockSupport.unpark(watcher);
    }
  }
}
