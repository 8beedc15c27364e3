package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.cancel.Cancellation;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollTest {
  private static TestDatabase db;

  private Node node;
  private StreamKey stream;

  @BeforeAll
  static void open() {
    db = TestDatabase.fresh("kit");
    Lines.create(db);
  }

  @AfterAll
  static void closeDatabase() {
    db.close();
  }

  @BeforeEach
  void start() {
    node = Node.start(db, EventLogLimits.defaults());
    stream = node.stream();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Poll<Line> poll(long after, int limit, Duration wait) {
    return node.log().poll(stream, after, limit, wait);
  }

  private static Poll.Page<Line> page(Poll<Line> poll) {
    return switch (poll) {
      case Poll.Page<Line> page -> page;
      case Poll.Behind<Line> _, Poll.Gone<Line> _ -> throw new AssertionError(poll);
    };
  }

  @Test
  void aPollIsAnsweredInPages() {
    node.append(stream, "a", "b", "c");
    assertThat(poll(0, 2, Duration.ZERO))
        .isEqualTo(new Poll.Page<>(List.of(new Line(1, "a"), new Line(2, "b")), 3));
    assertThat(poll(2, 2, Node.LONG)).isEqualTo(new Poll.Page<>(List.of(new Line(3, "c")), 3));
    assertThat(poll(3, 2, Duration.ZERO)).isEqualTo(new Poll.Page<>(List.of(), 3));
    assertThat(poll(3, 2, Duration.ofMillis(20))).isEqualTo(new Poll.Page<>(List.of(), 3));
  }

  @Test
  void aPollThatDoesNotWaitTellsWhatOthersHaveCommitted() {
    try (var _ = node.log().watch(stream, 0)) {
      node.appendSilently(stream, "a");
      assertThat(page(poll(0, 10, Duration.ZERO)).events()).hasSize(1);
    }
  }

  @Test
  void aPollThatWaitsIsAnsweredByTheFirstEvent() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> poll(0, 10, Node.LONG));
      Await.until("it waits", () -> node.metric("agentserver_events_watchers") == 1);
      node.append(stream, "a");
      assertThat(waiting.get()).isEqualTo(new Poll.Page<>(List.of(new Line(1, "a")), 1));
      assertThat(node.metric("agentserver_events_watchers")).isZero();
    }
  }

  @Test
  void pollingTellsWhatAWatchTells() throws Exception {
    try (var follower = Follower.of(node, stream, 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> pollUntil(300, Node.LONG, 1_000));
      var asking = threads.submit(() -> pollUntil(300, Duration.ZERO, 7));
      for (var i = 0; i < 60; i++) {
        node.appendAll(stream, IntStream.range(0, 5).mapToObj(line -> "line " + line).toList());
      }
      follower.has(1, 300);
      assertThat(waiting.get()).isEqualTo(follower.lines());
      assertThat(asking.get()).isEqualTo(follower.lines());
    }
  }

  private List<Line> pollUntil(long last, Duration wait, int limit) {
    var lines = new ArrayList<Line>();
    while (lines.isEmpty() || lines.getLast().seq() < last) {
      var after = lines.isEmpty() ? 0 : lines.getLast().seq();
      var page = page(poll(after, limit, wait));
      assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
      assertThat(page.head()).isGreaterThanOrEqualTo(after + page.events().size());
      lines.addAll(page.events());
    }
    return lines;
  }

  @Test
  void anEventThatDoesNotExistYetCannotBeContinuedFrom() {
    for (var wait : List.of(Duration.ZERO, Node.LONG)) {
      assertThatThrownBy(() -> poll(1, 10, wait))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("after_seq");
    }
  }

  @Test
  void aPollEndsWhenItsCallerGoesAway() {
    var end = new AtomicReference<Throwable>();
    var call = new AtomicReference<Cancellation>();
    Thread.ofVirtual()
        .uncaughtExceptionHandler((_, failure) -> end.set(failure))
        .start(
            () -> {
              call.set(Cancellation.begin());
              poll(0, 10, Node.LONG);
            });
    Await.until("it waits", () -> node.metric("agentserver_events_watchers") == 1);
    call.get().stop(new Problem.Unavailable("server", Duration.ZERO));
    Await.until("it ends", () -> end.get() != null);
    assertThat(end.get()).isInstanceOf(Cancelled.class);
  }
}
