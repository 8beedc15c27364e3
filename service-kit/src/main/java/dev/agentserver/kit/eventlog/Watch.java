package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;

/// Follows one stream. One thread at a time asks for what is next; any thread may close it.
public final class Watch<E> implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final EventLog<E> log;
  private final StreamKey stream;
  private final Subscription bell;
  private long after;
  private long lastIdle = System.nanoTime();
  private boolean idled;
  private volatile boolean open = true;

  Watch(EventLog<E> log, StreamKey stream, long after) {
    this.log = log;
    this.stream = stream;
    this.after = after;
    this.bell = log.bells().subscribe(stream);
  }

  /// Waits for what is next. An interrupt ends it with Cancelled.
  ///
  /// @param heartbeat how often Idle is returned, whether or not there are events meanwhile
  public Next<E> next(Duration heartbeat) {
    while (true) {
      if (!open) {
        throw new Problem.Unavailable("events", Duration.ofMillis(100)).raise();
      }
      var left = heartbeat.toNanos() - (System.nanoTime() - lastIdle);
      if (left <= 0 && !idled) {
        idled = true;
        lastIdle = System.nanoTime();
        return new Next.Idle<>(after);
      }
      idled = false;
      switch (log.read(stream, after, 0)) {
        case Poll.Gone<E>() -> {
          return new Next.Gone<>();
        }
        case Poll.Behind<E>(var head) -> {
          return new Next.Behind<>(head);
        }
        case Poll.Page<E>(var events, _) when !events.isEmpty() -> {
          after = log.seq(events.getLast());
          return new Next.Events<>(List.copyOf(events));
        }
        case Poll.Page<E> _ ->
            bell.await(Duration.ofNanos(Math.max(1, Math.min(left, LOOK.toNanos()))));
      }
    }
  }

  /// Goes on after `seq`, to which the caller has sent a snapshot.
  public void continueAfter(long seq) {
    after = seq;
  }

  @Override
  public void close() {
    open = false;
    bell.ring();
    bell.close();
  }
}
