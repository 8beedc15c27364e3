package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
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

  @Test
  void aWatchBeginsAtTheStartInTheMiddleOrAtTheEnd() {
    node.append(stream, "a", "b", "c");
    try (var start = Follower.of(node, stream, 0);
        var middle = Follower.of(node, stream, 2);
        var end = Follower.of(node, stream, 3)) {
      start.has(1, 3);
      middle.has(3, 3);
      node.append(stream, "d");
      start.has(1, 4);
      middle.has(3, 4);
      end.has(4, 4);
      assertThat(start.lines()).extracting(Line::text).containsExactly("a", "b", "c", "d");
    }
  }

  @Test
  void everyWatcherSeesEveryEventOnceAndInOrderWhateverManyWritersDo() throws Exception {
    try (var early = Follower.of(node, stream, 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<?>>();
      for (var writer = 0; writer < 8; writer++) {
        writers.add(threads.submit(() -> appendSomeAndRollBackSome(50)));
      }
      try (var late = Follower.of(node, stream, 0)) {
        for (var writer : writers) {
          writer.get();
        }
        early.has(1, 400);
        late.has(1, 400);
        assertThat(late.lines()).extracting(Line::text).doesNotContain("never");
      }
    }
  }

  private void appendSomeAndRollBackSome(int count) {
    for (var i = 0; i < count; i++) {
      node.append(stream, "line " + i);
      if (i % 5 == 0) {
        assertThatThrownBy(
                () ->
                    node.database()
                        .write(
                            context -> {
                              var seq = node.lines().append(context, stream, "never");
                              node.log().appended(context, stream, seq);
                              throw new IllegalStateException("rolled back");
                            }))
            .hasMessage("rolled back");
      }
    }
  }

  @Test
  void anEventIsNotSeenBeforeItsCommit() throws Exception {
    var written = new CountDownLatch(1);
    var mayCommit = new CountDownLatch(1);
    try (var follower = Follower.of(node, stream, 0);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer =
          threads.submit(
              () ->
                  node.database()
                      .write(
                          context -> {
                            var seq = node.lines().append(context, stream, "slow");
                            node.log().appended(context, stream, seq);
                            written.countDown();
                            Await.latch(mayCommit);
                            return true;
                          }));
      Await.latch(written);
      var reads = node.lines().reads();
      assertThat(follower.lines()).isEmpty();
      mayCommit.countDown();
      assertThat(writer.get()).isTrue();
      follower.has(1, 1);
      assertThat(node.lines().reads()).isEqualTo(reads + 1);
    }
  }

  @Test
  void aThousandWatchersCostOneReadForEachEvent() {
    var followers = new ArrayList<Follower>();
    try {
      for (var i = 0; i < 1_000; i++) {
        followers.add(Follower.of(node, stream, 0));
      }
      var reads = node.lines().reads();
      for (var event = 1; event <= 20; event++) {
        node.append(stream, "event " + event);
        var seq = event;
        followers.forEach(follower -> follower.has(1, seq));
      }
      assertThat(node.lines().reads() - reads).isEqualTo(20);
    } finally {
      followers.forEach(Follower::close);
    }
    assertThat(node.metric("agentserver_events_watchers")).isZero();
  }

  @Test
  void manyWhoComeAtOnceForWhatIsNotInMemoryReadItOnce() throws Exception {
    node.appendAll(stream, IntStream.range(0, 100).mapToObj(i -> "line " + i).toList());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<Next<Line>>>();
      for (var i = 0; i < 200; i++) {
        asked.add(
            threads.submit(
                () -> {
                  try (var watch = node.log().watch(stream, 10)) {
                    return watch.next(Node.LONG);
                  }
                }));
      }
      for (var next : asked) {
        assertThat(next.get() instanceof Next.Events<Line>(var events) ? events : List.of())
            .hasSize(90);
      }
    }
    // Those that read at the same moment read it each.
    assertThat(node.lines().reads()).isLessThanOrEqualTo(EventLogLimits.defaults().readers());
  }

  @Test
  void aHeartbeatComesAfterItsTimeWithEventsOrWithout() {
    node.append(stream, "a");
    try (var watch = node.log().watch(stream, 1)) {
      var beat = Duration.ofMillis(20);
      assertThat(watch.next(beat)).isEqualTo(new Next.Idle<Line>(1));
      assertThat(watch.next(beat)).isEqualTo(new Next.Idle<Line>(1));
    }
  }

  @Test
  void aHeartbeatThatIsAlwaysDueHoldsNoEventBack() {
    node.append(stream, "a", "b");
    try (var onePerPage = Node.start(db, EventLogLimits.defaults().withPage(1));
        var watch = onePerPage.log().watch(stream, 0)) {
      var kinds = new ArrayList<Class<?>>();
      for (var i = 0; i < 5; i++) {
        kinds.add(watch.next(Duration.ZERO).getClass());
      }
      assertThat(kinds)
          .containsExactly(
              Next.Events.class,
              Next.Idle.class,
              Next.Events.class,
              Next.Idle.class,
              Next.Idle.class);
    }
  }

  @Test
  void aStreamThatDoesNotExistIsGone() {
    var nothing = new StreamKey(UUID.randomUUID(), UUID.randomUUID());
    try (var watch = node.log().watch(nothing, 0)) {
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Gone<Line>());
    }
    assertThat(node.log().poll(nothing, 0, 10, Duration.ZERO)).isEqualTo(new Poll.Gone<Line>());
    assertThat(node.log().poll(nothing, 0, 10, Node.LONG)).isEqualTo(new Poll.Gone<Line>());
    assertThat(node.log().head(nothing)).isEmpty();
  }

  @Test
  void aStreamThatIsRemovedIsGoneAndMayComeBack() {
    node.append(stream, "a", "b");
    try (var follower = Follower.of(node, stream, 0)) {
      follower.has(1, 2);
      db.sql(
          "delete from line where id = '%1$s'; delete from stream where id = '%1$s'"
              .formatted(stream.id()));
      assertThat(follower.end()).isNull();
      assertThat(follower.given().getLast()).isEqualTo(new Next.Gone<Line>());
    }
    db.sql("insert into stream values ('%s', '%s')".formatted(stream.tenantId(), stream.id()));
    node.append(stream, "again");
    try (var follower = Follower.of(node, stream, 0)) {
      follower.has(1, 1);
    }
  }

  @Test
  void anEventThatDoesNotExistYetCannotBeContinuedFrom() {
    node.append(stream, "a", "b");
    assertThatThrownBy(() -> node.log().watch(stream, 3))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("after_seq")
        .hasMessageContaining("beyond the last event, 2");
    assertThat(node.metric("agentserver_events_watchers")).isZero();
    // This process was not told of it, and still it is no mistake of the client's.
    try (var follower = Follower.of(node, stream, 2)) {
      node.appendSilently(stream, "c");
      try (var ahead = Follower.of(node, stream, 3)) {
        node.append(stream, "d");
        ahead.has(4, 4);
      }
      follower.has(3, 4);
    }
  }

  @Test
  void anInterruptEndsTheWait() {
    var follower = Follower.of(node, stream, 0);
    follower.parked();
    follower.thread().interrupt();
    assertThat(follower.end()).isInstanceOf(Cancelled.class);
    follower.close();
  }

  @Test
  void aCloseFromAnotherThreadEndsTheWait() {
    var follower = Follower.of(node, stream, 0);
    follower.parked();
    follower.watch().close();
    assertThat(follower.end()).isInstanceOf(Cancelled.class);
    follower.watch().close();
    assertThat(node.metric("agentserver_events_watchers")).isZero();
  }

  @Test
  void aLogThatIsClosedSendsItsWatchersElsewhere() {
    var followers = List.of(Follower.of(node, stream, 0), Follower.of(node, stream, 0));
    followers.forEach(Follower::parked);
    node.log().close();
    for (var follower : followers) {
      assertThat(follower.end())
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("Unavailable");
    }
    assertThatThrownBy(() -> node.log().watch(stream, 0)).hasMessageContaining("Unavailable");
    assertThatThrownBy(() -> node.log().poll(stream, 0, 1, Node.LONG))
        .hasMessageContaining("Unavailable");
  }

  @Test
  void watchersThatComeAndGoWhileTailsAreDroppedMissNothing() throws Exception {
    var limits = EventLogLimits.defaults().withHealing(Duration.ofMillis(1));
    try (var hasty = Node.start(db, limits);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer =
          threads.submit(
              () -> {
                for (var i = 0; i < 500; i++) {
                  hasty.append(stream, "line " + i);
                }
                return true;
              });
      var after = 0L;
      while (after < 500) {
        try (var watch = hasty.log().watch(stream, after)) {
          if (watch.next(Node.LONG) instanceof Next.Events<Line>(var events)) {
            assertThat(events.getFirst().seq()).isEqualTo(after + 1);
            after = events.getLast().seq();
          }
        }
      }
      assertThat(writer.get()).isTrue();
      Await.until("no tail is left", () -> hasty.metric("agentserver_events_streams") == 0);
      assertThat(hasty.metric("agentserver_events_kept_bytes")).isZero();
    }
  }
}
