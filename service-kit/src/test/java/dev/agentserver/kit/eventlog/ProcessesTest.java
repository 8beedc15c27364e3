package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Several processes on one database.
class ProcessesTest {
  private static final String LISTENING =
      "select pid from pg_stat_activity where datname = current_database()"
          + " and application_name = 'kit events' and query ilike 'listen%'";

  /// Without healing, so that nothing but the doorbell can have told.
  private static final EventLogLimits UNHEALED =
      EventLogLimits.defaults().withHealing(Duration.ofDays(1));

  private final List<Node> nodes = new ArrayList<>();
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    Lines.create(db);
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
    db.close();
  }

  private Node start(EventLogLimits limits) {
    var node = Node.start(db, limits);
    nodes.add(node);
    return node;
  }

  private void listening(int count) {
    Await.until(count + " processes listen", () -> db.rows(LISTENING).size() == count);
  }

  @Test
  void anEventOfOneProcessIsSeenInTheOther() {
    var one = start(UNHEALED);
    var other = start(UNHEALED);
    listening(2);
    var stream = one.stream();
    try (var here = Follower.of(one, stream, 0);
        var there = Follower.of(other, stream, 0)) {
      for (var i = 1; i <= 20; i++) {
        (i % 2 == 0 ? one : other).append(stream, "line " + i);
        here.has(1, i);
        there.has(1, i);
      }
    }
    assertThat(one.metric("agentserver_events_notifications")).isPositive();
    // What a process rings itself it has heard already.
    assertThat(one.lines().reads()).isEqualTo(20);
  }

  @Test
  void everyProcessSeesTheSameWhateverAllOfThemWrite() throws Exception {
    var three =
        List.of(
            start(EventLogLimits.defaults()),
            start(EventLogLimits.defaults()),
            start(EventLogLimits.defaults().withoutDoorbell()));
    var streams = List.of(three.getFirst().stream(), three.getFirst().stream());
    var followers = new ArrayList<Follower>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<?>>();
      for (var node : three) {
        for (var stream : streams) {
          followers.add(Follower.of(node, stream, 0));
          writers.add(threads.submit(() -> appendMany(node, stream)));
        }
      }
      for (var writer : writers) {
        writer.get();
      }
      followers.forEach(follower -> follower.has(1, 300));
      assertThat(followers.get(0).lines())
          .isEqualTo(followers.get(2).lines())
          .isEqualTo(followers.get(4).lines());
    } finally {
      followers.forEach(Follower::close);
    }
  }

  private static void appendMany(Node node, StreamKey stream) {
    for (var i = 0; i < 100; i++) {
      node.append(stream, "line " + i);
    }
  }

  @Test
  void withoutTheDoorbellHealingDelivers() {
    var silent = start(EventLogLimits.defaults().withoutDoorbell());
    var watching = start(EventLogLimits.defaults());
    var stream = silent.stream();
    try (var follower = Follower.of(watching, stream, 0)) {
      silent.append(stream, "a", "b");
      follower.has(1, 2);
      // And where a process died between its commit and its ring.
      watching.appendSilently(stream, "c");
      follower.has(1, 3);
    }
    assertThat(db.rows(LISTENING)).hasSizeLessThan(2);
  }

  @Test
  void manyRingsAreToldTogether() {
    var one = start(UNHEALED);
    var other = start(UNHEALED);
    listening(2);
    var stream = one.stream();
    try (var follower = Follower.of(other, stream, 0)) {
      one.database()
          .write(
              context -> {
                for (var i = 0; i < 500; i++) {
                  var seq = one.lines().append(context, stream, "line " + i);
                  one.log().appended(context, stream, seq);
                }
                return true;
              });
      follower.has(1, 500);
    }
    // The first at once, and all the others in one; each is sent here and heard there.
    assertThat(one.metric("agentserver_events_notifications")).isLessThanOrEqualTo(4);
  }

  @Test
  void aListenerWhoseConnectionIsKilledComesBackAndHasMissedNothing() {
    try (var said = LogCapture.of(Listener.class)) {
      var one = start(UNHEALED);
      var other = start(UNHEALED);
      listening(2);
      var stream = one.stream();
      try (var follower = Follower.of(other, stream, 0)) {
        for (var round = 1; round <= 3; round++) {
          db.sql(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where datname = current_database() and application_name = 'kit events'");
          one.append(stream, "while nobody listens");
          follower.has(1, round);
        }
        listening(2);
      }
      assertThat(said.lines()).anyMatch(line -> line.getMessage().contains("a little later now"));
    }
  }

  @Test
  void aNoticeThatCouldNotBeSentIsSentAgain() {
    try (var said = LogCapture.of(Announcer.class)) {
      var one = start(UNHEALED);
      var other = start(UNHEALED);
      listening(2);
      var stream = one.stream();
      try (var follower = Follower.of(other, stream, 0)) {
        one.append(stream, "a");
        follower.has(1, 1);
        db.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'kit events' and query not ilike 'listen%'");
        one.append(stream, "b");
        follower.has(1, 2);
      }
      assertThat(said.lines()).hasSize(1);
    }
  }

  @Test
  void aBellAloneIsHeardInBothProcesses() {
    var one = start(UNHEALED);
    var other = start(UNHEALED);
    listening(2);
    var key = new StreamKey(UUID.randomUUID(), UUID.randomUUID());
    try (var here = one.log().bells().subscribe(key);
        var there = other.log().bells().subscribe(key);
        var second = other.log().bells().subscribe(key);
        var stranger = other.log().bells().subscribe(one.stream())) {
      // A new connection counts as a ring of everything.
      there.await(Duration.ofMillis(1));
      second.await(Duration.ofMillis(1));
      stranger.await(Duration.ofMillis(1));
      one.database()
          .write(
              context -> {
                one.log().bells().ring(context, key, 1);
                return true;
              });
      assertThat(here.await(Node.LONG)).isTrue();
      assertThat(there.await(Node.LONG)).isTrue();
      assertThat(second.await(Node.LONG)).isTrue();
      assertThat(there.await(Duration.ofMillis(1))).isFalse();
      assertThat(stranger.await(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void aRingOfATransactionThatIsRolledBackIsNotHeard() {
    var one = start(UNHEALED);
    var key = new StreamKey(UUID.randomUUID(), UUID.randomUUID());
    listening(1);
    try (var bell = one.log().bells().subscribe(key)) {
      bell.await(Duration.ofMillis(1));
      try {
        one.database()
            .write(
                context -> {
                  one.log().bells().ring(context, key, 1);
                  throw new IllegalStateException("rolled back");
                });
      } catch (IllegalStateException rolledBack) {
        assertThat(bell.await(Duration.ofMillis(1))).isFalse();
      }
    }
  }

  @Test
  void whenTooMuchRingsEverythingCountsAsRung() {
    var one = start(UNHEALED);
    var other = start(UNHEALED);
    listening(2);
    var stream = one.stream();
    try (var follower = Follower.of(other, stream, 0)) {
      one.database()
          .write(
              context -> {
                for (var i = 0; i < 30_000; i++) {
                  var key = new StreamKey(stream.tenantId(), new UUID(i, i));
                  one.log().bells().ring(context, key, 1);
                }
                var seq = one.lines().append(context, stream, "the last");
                one.log().appended(context, stream, seq);
                return true;
              });
      follower.has(1, 1);
    }
  }

  @Test
  void whatElseIsSaidOnTheChannelIsPassedOver() {
    var one = start(UNHEALED);
    listening(1);
    var stream = one.stream();
    try (var said = LogCapture.of(Listener.class);
        var follower = Follower.of(one, stream, 0)) {
      db.sql("notify kit_events, 'some thing'; notify kit_events, ''");
      Await.until("it is heard", () -> !said.lines().isEmpty());
      one.append(stream, "a");
      follower.has(1, 1);
      // Whoever else says it, a ring is only a ring.
      one.appendSilently(stream, "b");
      db.sql(
          "notify kit_events, 'x %s/%s/%d'"
              .formatted(stream.tenantId(), stream.id(), Long.MAX_VALUE));
      follower.has(1, 2);
    }
  }
}
