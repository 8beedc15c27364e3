package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.eventlog.Pages.Page;
import dev.agentserver.kit.eventlog.Tail.Found;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Follows one stream. One thread at a time asks for what is next; any thread may close it.
///
/// A database that is away is waited for: heartbeats go on, and only when it stays away for long is
/// the watcher told so, as Unavailable.
public final class Watch<E> implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final EventLog<E> log;
  private final Tail<E> tail;
  private final Portions<E> portions;
  private final Outage outage = new Outage();
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private long after;
  private long lastIdle = System.nanoTime();
  private boolean idled = true;

  /// The least that this watcher was ever behind: who began far behind may take its time.
  private long leastLag = Long.MAX_VALUE;

  private final AtomicBoolean open = new AtomicBoolean(true);
  private volatile @Nullable Thread waiting;

  Watch(EventLog<E> log, Tail<E> tail, long after, Portions<E> portions) {
    this.log = log;
    this.tail = tail;
    this.after = after;
    this.portions = portions;
  }

  /// Waits for what is next. An interrupt ends it with Cancelled, and so does a close from another
  /// thread.
  ///
  /// @param heartbeat how often Idle is returned, whether or not there are events meanwhile
  public Next<E> next(Duration heartbeat) {
    var thread = Thread.currentThread();
    waiting = thread;
    try {
      while (true) {
        requireWanted(thread);
        var left = lastIdle + heartbeat.toNanos() - System.nanoTime();
        if (left <= 0 && !idled) {
          return idle();
        }
        var next = look(thread, left);
        if (next != null) {
          return next;
        }
      }
    } finally {
      waiting = null;
      tail.leave(thread);
    }
  }

  private void requireWanted(Thread thread) {
    if (!open.get() || thread.isInterrupted()) {
      throw new Cancelled();
    }
    log.requireOpen();
  }

  /// @return null when it is to be looked again
  private @Nullable Next<E> look(Thread thread, long left) {
    return switch (tail.take(after, portions.limit(), thread)) {
      case Found.Events<E>(var events, var lag) -> deliver(events, lag);
      case Found.Older<E>(var head) -> older(head, left);
      case Found.Lost<E>(var head) -> behind(head);
      case Found.Gone<E>() -> new Next.Gone<>();
      case Found.Nothing<E>() -> {
        log.checkOutage(tail.outage());
        if (left <= 0) {
          yield idle();
        }
        LockSupport.parkNanos(this, left);
        yield null;
      }
    };
  }

  private Next<E> idle() {
    lastIdle = System.nanoTime();
    idled = true;
    return new Next.Idle<>(after);
  }

  private Next<E> behind(Head head) {
    idled = false;
    log.switched();
    return new Next.Behind<>(head);
  }

  private Next<E> deliver(List<E> events, long lag) {
    if (lag > Math.max(log.limits().maxLag(), leastLag)) {
      return behind(tail.head());
    }
    leastLag = Math.min(leastLag, lag);
    idled = false;
    var portion = portions.cut(events);
    after = log.seq(portion.getLast());
    return new Next.Events<>(portion);
  }

  /// Reads for itself what is not kept for all. A failure is met by another try.
  private @Nullable Next<E> older(Head head, long left) {
    if (after < head.compactedThrough()) {
      return behind(head);
    }
    try {
      var next = read(head);
      outage.over();
      backoff.reset();
      return next;
    } catch (Cancelled gone) {
      throw gone;
    } catch (RuntimeException failure) {
      outage.failed(failure);
      log.checkOutage(outage);
      if (left <= 0) {
        return idle();
      }
      LockSupport.parkNanos(this, Math.min(left, backoff.next().toNanos()));
      return null;
    }
  }

  private @Nullable Next<E> read(Head known) {
    log.pages().enter();
    try {
      if (tail.keeps(after)) {
        // Another watcher has read it meanwhile.
        return null;
      }
      return switch (log.pages().after(tail.stream(), after, portions.limit())) {
        case Page.Events<E>(var events) -> {
          log.tails().older(tail, events);
          yield deliver(events, known.seq() - after);
        }
        case Page.End<E>(var head) -> behind(head);
        case Page.Gap<E>(var head, _) -> behind(head);
        case Page.Gone<E>() -> new Next.Gone<>();
      };
    } finally {
      log.pages().leave();
    }
  }

  /// Goes on after `seq`, to which the caller has sent a snapshot.
  public void continueAfter(long seq) {
    after = seq;
    leastLag = Long.MAX_VALUE;
    log.tails().learn(tail, seq);
  }

  /// The newest event that this process knows to be committed.
  long head() {
    return tail.head().seq();
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      log.left(tail);
    }
    var thread = waiting;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
