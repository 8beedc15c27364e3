package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.test.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A watcher on a thread of its own that notes everything it is given.
final class Follower implements AutoCloseable {
  private final List<Next<Line>> given = new CopyOnWriteArrayList<>();
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final AtomicReference<Throwable> end = new AtomicReference<>();
  private final Watch<Line> watch;
  private final Thread thread;

  private Follower(Watch<Line> watch, Duration heartbeat) {
    this.watch = watch;
    this.thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, failure) -> end.set(failure))
            .unstarted(() -> follow(heartbeat));
  }

  static Follower of(Node node, StreamKey stream, long after) {
    return of(node, stream, after, Node.LONG);
  }

  static Follower of(Node node, StreamKey stream, long after, Duration heartbeat) {
    var follower = new Follower(node.log().watch(stream, after), heartbeat);
    follower.thread.start();
    return follower;
  }

  private void follow(Duration heartbeat) {
    while (true) {
      var next = watch.next(heartbeat);
      given.add(next);
      switch (next) {
        case Next.Events<Line>(var events) -> lines.addAll(events);
        case Next.Behind<Line>(var head) -> watch.continueAfter(head.seq());
        case Next.Idle<Line> _ -> {}
        case Next.Gone<Line> _ -> {
          return;
        }
      }
    }
  }

  /// Waits until the event with this number has come, and asserts that what came is `from` to it,
  /// each once and in order.
  void has(long from, long to) {
    Await.until(
        "event " + to + " after " + lines.size() + ", ended by " + end.get(),
        () -> !lines.isEmpty() && lines.getLast().seq() >= to || end.get() != null);
    org.assertj.core.api.Assertions.assertThat(lines)
        .extracting(Line::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(from, to).boxed().toList());
  }

  List<Line> lines() {
    return lines;
  }

  List<Next<Line>> given() {
    return given;
  }

  Watch<Line> watch() {
    return watch;
  }

  Thread thread() {
    return thread;
  }

  /// Waits until it waits.
  void parked() {
    Await.until(
        "it waits",
        () ->
            thread.getState() == Thread.State.TIMED_WAITING
                || thread.getState() == Thread.State.WAITING);
  }

  /// Waits for its end.
  @Nullable Throwable end() {
    Await.until("its end", () -> thread.getState() == Thread.State.TERMINATED);
    return end.get();
  }

  @Override
  public void close() {
    watch.close();
    end();
  }
}
