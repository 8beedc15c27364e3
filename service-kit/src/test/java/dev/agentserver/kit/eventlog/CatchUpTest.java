package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  /// Without healing, which would read what a test wants nobody to have read.
  private static final EventLogLimits SMALL =
      EventLogLimits.defaults()
          .withTail(20, 100_000)
          .withPage(7)
          .withMaxLag(100)
          .withHealing(Duration.ofDays(1))
          .withoutDoorbell();

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
    node = Node.start(db, SMALL);
    stream = node.stream();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static List<Line> events(Watch<Line> watch) {
    return watch.next(Node.LONG) instanceof Next.Events<Line>(var events) ? events : List.of();
  }

  private void append(int count) {
    node.appendAll(stream, IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void aWatcherCatchesUpFromFartherBackThanMemoryOrLagReaches() {
    append(500);
    try (var start = Follower.of(node, stream, 0);
        var middle = Follower.of(node, stream, 300)) {
      start.has(1, 500);
      middle.has(301, 500);
      append(1);
      start.has(1, 501);
      middle.has(301, 501);
    }
  }

  @Test
  void aWatcherCatchesUpWhileTheStreamGrows() throws Exception {
    append(90);
    try (var patient = Node.start(db, SMALL.withMaxLag(1000));
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var follower = Follower.of(patient, stream, 0)) {
      var writer =
          threads.submit(
              () -> {
                for (var i = 0; i < 300; i++) {
                  patient.appendAll(stream, List.of("line"));
                }
                return true;
              });
      try (var late = Follower.of(patient, stream, 0)) {
        assertThat(writer.get()).isTrue();
        late.has(1, 390);
      }
      follower.has(1, 390);
    }
  }

  @Test
  void memoryIsBoundedHoweverLongTheStreamIs() {
    try (var follower = Follower.of(node, stream, 0)) {
      for (var there = 50; there <= 500; there += 50) {
        append(50);
        follower.has(1, there);
      }
      assertThat(node.metric("agentserver_events_kept_bytes")).isLessThanOrEqualTo(20 * (8 + 64));
    }
  }

  @Test
  void aWatcherThatStallsIsSentToASnapshotAndDisturbsNobody() {
    append(3);
    try (var other = Follower.of(node, stream, 0);
        var stalled = node.log().watch(stream, 0)) {
      assertThat(stalled.next(Node.LONG)).isInstanceOf(Next.Events.class);
      for (var there = 53; there <= 203; there += 50) {
        append(50);
        other.has(1, there);
      }
      assertThat(stalled.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(203, 0)));
      assertThat(node.metric("agentserver_events_behind")).isEqualTo(1);
      stalled.continueAfter(203);
      append(1);
      assertThat(stalled.next(Node.LONG))
          .isEqualTo(new Next.Events<>(List.of(new Line(204, "line 0"))));
      other.has(1, 204);
    }
  }

  @Test
  void whoGoesOnAfterASnapshotThatKnewMoreThanThisProcessMissesNothing() {
    append(2);
    try (var watch = node.log().watch(stream, 2)) {
      for (var i = 0; i < 5; i++) {
        node.appendSilently(stream, "silent " + i);
      }
      watch.continueAfter(6);
      assertThat(watch.next(Node.LONG))
          .isEqualTo(new Next.Events<>(List.of(new Line(7, "silent 4"))));
    }
  }

  @Test
  void whatIsCompactedIsReplacedByASnapshot() {
    append(50);
    node.append(stream, "keep it");
    append(9);
    node.compact(stream, 55);
    try (var old = node.log().watch(stream, 10);
        var onTheEdge = node.log().watch(stream, 55)) {
      assertThat(old.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(60, 55)));
      old.continueAfter(60);
      assertThat(events(onTheEdge)).hasSize(5);
    }
    assertThat(node.log().poll(stream, 10, 100, Duration.ZERO))
        .isEqualTo(new Poll.Behind<Line>(new Head(60, 55)));
    assertThat(node.log().poll(stream, 10, 100, Node.LONG))
        .isEqualTo(new Poll.Behind<Line>(new Head(60, 55)));
  }

  @Test
  void whatIsCompactedWhileAWatcherReadsIsReplacedByASnapshot() {
    append(60);
    try (var watch = node.log().watch(stream, 0)) {
      assertThat(watch.next(Node.LONG)).isInstanceOf(Next.Events.class);
      node.compact(stream, 60);
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(60, 60)));
      watch.continueAfter(60);
      append(1);
      assertThat(watch.next(Node.LONG)).isInstanceOf(Next.Events.class);
    }
  }

  @Test
  void whatIsInMemoryIsDeliveredAlthoughItIsCompacted() {
    try (var slow = node.log().watch(stream, 0);
        var fast = Follower.of(node, stream, 0)) {
      append(10);
      fast.has(1, 10);
      node.compact(stream, 10);
      var events = new ArrayList<Line>();
      while (events.size() < 10 && slow.next(Node.LONG) instanceof Next.Events<Line>(var more)) {
        events.addAll(more);
      }
      assertThat(events).hasSize(10);
    }
  }

  /// The log may have to read on where a process that was away for long finds rows removed.
  @Test
  void aTailWhoseNextEventsAreCompactedGoesOnAfterThem() {
    append(5);
    try (var watch = node.log().watch(stream, 5)) {
      for (var i = 0; i < 10; i++) {
        node.appendSilently(stream, i == 8 ? "keep" : "silent");
      }
      node.compact(stream, 13);
      append(1);
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(16, 13)));
      watch.continueAfter(13);
      assertThat(events(watch)).hasSize(3);
    }
  }

  @Test
  void aHoleThatNobodyCompactedIsReportedAndPassedByASnapshot() {
    try (var said = LogCapture.of(TailReader.class);
        var watch = node.log().watch(stream, 0)) {
      for (var i = 0; i < 4; i++) {
        node.appendSilently(stream, "silent " + i);
      }
      db.sql("delete from line where seq in (1, 2) and id = '%s'".formatted(stream.id()));
      append(1);
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(5, 0)));
      assertThat(said.lines()).hasSize(1);
      assertThat(said.lines().getFirst().getFormattedMessage()).contains("no events from 1 to 2");
    }
  }

  @Test
  void aRingForNothingIsForgotten() {
    append(2);
    try (var follower = Follower.of(node, stream, 2, Duration.ofMillis(10))) {
      node.database()
          .write(
              context -> {
                node.log().appended(context, stream, 1_000_000);
                return true;
              });
      append(1);
      follower.has(3, 3);
      append(1);
      follower.has(3, 4);
      var beats = follower.given().size();
      Await.until("time passes", () -> follower.given().size() > beats + 10);
      // One for the ring, at most two for each event and one to find out that there are no more.
      assertThat(node.lines().reads()).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void aDatabaseThatCameBackFromAnOlderBackupSendsWatchersToASnapshot() {
    append(10);
    try (var hasty = Node.start(db, SMALL.withHealing(Duration.ofMillis(5)));
        var said = LogCapture.of(Tails.class);
        var watch = hasty.log().watch(stream, 10)) {
      db.sql(
          """
          delete from line where id = '%1$s' and seq > 6;
          update stream set last_seq = 6 where id = '%1$s'"""
              .formatted(stream.id()));
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Behind<Line>(new Head(6, 0)));
      assertThat(said.lines()).anyMatch(line -> line.getMessage().contains("has lost events"));
      watch.continueAfter(6);
      hasty.append(stream, "new");
      assertThat(watch.next(Node.LONG)).isEqualTo(new Next.Events<>(List.of(new Line(7, "new"))));
    }
  }
}
