package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One of the threads of a [GroupCommit] and the keys that are its own: it writes one group after
/// the other, so the items of a key stay in their order.
final class Lane<K, I, O> implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final GroupCommitLimits limits;
  private final AtomicLong total;
  private final GroupWriter<I, O> writer;
  private final ReentrantLock lock = new ReentrantLock();

  /// There is something to write sooner than was thought.
  private final Condition sooner = lock.newCondition();

  /// A key was set free.
  private final Condition freed = lock.newCondition();

  /// In the order in which they were last written, so that none is passed over for long.
  private final LinkedHashMap<K, Waiting<I, O>> keys = new LinkedHashMap<>();

  private final Thread thread;
  private boolean open = true;

  /// How long the thread sleeps unless it is woken, and since when; 0 while it is awake.
  private long sleep;

  private long sleptAt;

  /// @param total the bytes that wait in all lanes
  Lane(String name, GroupCommitLimits limits, AtomicLong total, GroupWriter<I, O> writer) {
    this.limits = limits;
    this.total = total;
    this.writer = writer;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /// Fails with Overloaded when too much waits already. An item that is larger than the bound of a
  /// key is taken when nothing else waits: it would never fit otherwise.
  CompletableFuture<O> add(K key, I item, int bytes) {
    lock.lock();
    try {
      if (!open) {
        throw new Problem.Unavailable("events", RETRY).raise();
      }
      var waiting = keys.get(key);
      if (waiting != null && waiting.bytes() > 0 && waiting.bytes() + bytes > limits.keyBytes()) {
        throw new Problem.Overloaded("unwritten_bytes_of_one_key", RETRY).raise();
      }
      if (total.get() > 0 && total.get() + bytes > limits.totalBytes()) {
        throw new Problem.Overloaded("unwritten_bytes", RETRY).raise();
      }
      var added = new Item<I, O>(item, bytes, total);
      waiting = keys.computeIfAbsent(key, _ -> new Waiting<>(limits));
      waiting.add(added);
      wake(waiting);
      return added.result();
    } finally {
      lock.unlock();
    }
  }

  /// Wakes the thread only if it would sleep for too long: most items come while it does anyway.
  private void wake(Waiting<I, O> waiting) {
    var now = System.nanoTime();
    if (waiting.pause(now) < sleep - (now - sleptAt)) {
      sleep = 0;
      sooner.signal();
    }
  }

  /// Waits until nothing of the key is being written, and takes what waits.
  Withdrawn<I, O> withdraw(K key) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    }
    try {
      var waiting = keys.computeIfAbsent(key, _ -> new Waiting<>(limits));
      waiting.want(1);
      try {
        while (waiting.held()) {
          freed.await();
        }
      } finally {
        waiting.want(-1);
      }
      waiting.hold();
      return new Withdrawn<>(waiting.take(Integer.MAX_VALUE), rest -> release(key, rest));
    } catch (InterruptedException interrupted) {
      // What it kept from being written may be due.
      sooner.signal();
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } finally {
      lock.unlock();
    }
  }

  private void release(K key, List<Item<I, O>> rest) {
    lock.lock();
    try {
      var waiting = keys.get(key);
      waiting.release(rest);
      freed.signalAll();
      wake(waiting);
      if (!open) {
        sooner.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (var group = next(); !group.isEmpty(); group = next()) {
        writer.write(group.stream().flatMap(part -> part.items().stream()).toList());
        done(group);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("a lane is never interrupted", interrupted);
    }
  }

  /// @param all whether nothing of the key was left for want of room
  private record Part<K, I, O>(K key, Waiting<I, O> of, List<Item<I, O>> items, boolean all) {}

  /// Waits for a group; an empty one is the end.
  private List<Part<K, I, O>> next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        var now = System.nanoTime();
        var group = due(now);
        if (!group.isEmpty() || (!open && keys.isEmpty())) {
          return group;
        }
        var pause = keys.values().stream().mapToLong(key -> key.pause(now)).min();
        sleep = pause.orElse(Waiting.NEVER);
        sleptAt = now;
        sooner.awaitNanos(sleep);
        sleep = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Part<K, I, O>> due(long now) {
    keys.values().removeIf(waiting -> waiting.idle(now, open));
    var group = new ArrayList<Part<K, I, O>>();
    var room = limits.groupItems();
    for (var entry : keys.entrySet()) {
      var waiting = entry.getValue();
      if (room > 0 && waiting.due(now, open)) {
        waiting.hold();
        var items = waiting.take(room);
        room -= items.size();
        group.add(new Part<>(entry.getKey(), waiting, items, waiting.isEmpty()));
      }
    }
    return group;
  }

  private void done(List<Part<K, I, O>> group) {
    lock.lock();
    try {
      var now = System.nanoTime();
      for (var part : group) {
        part.of().written(now, part.all());
        keys.putLast(part.key(), part.of());
      }
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Writes what waits without waiting for more, and refuses more.
  @Override
  public void close() {
    lock.lock();
    open = false;
    sooner.signal();
    lock.unlock();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
