package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.CutOff;
import dev.agentserver.kit.test.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final Duration BEAT = Duration.ofMillis(20);
  private static final RuntimeException AWAY =
      new DataAccessException("away", new SQLException("away", "08006"));

  private TestDatabase db;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    Lines.create(db);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void watchersOutliveADatabaseThatIsKilledAndComesBack() {
    try (var way = new CutOff(db.config());
        var writer = Node.start(db, EventLogLimits.defaults());
        var node = Node.start(db, way.config(), EventLogLimits.defaults())) {
      var stream = writer.stream();
      writer.append(stream, "a");
      try (var watching = Follower.of(node, stream, 0, BEAT);
          var waiting = Follower.of(node, stream, 1)) {
        watching.has(1, 1);
        for (var round = 0; round < 3; round++) {
          way.cut();
          writer.append(stream, "while it is away");
          var beats = watching.given().size();
          Await.until("heartbeats go on", () -> watching.given().size() > beats + 3);
          way.mend();
          watching.has(1, round + 2);
          waiting.has(2, round + 2);
        }
      }
    }
  }

  @Test
  void aWatcherThatCatchesUpWaitsForTheDatabase() {
    var limits = EventLogLimits.defaults().withPage(10);
    try (var node = Node.start(db, limits)) {
      var stream = node.stream();
      node.appendAll(stream, IntStream.range(0, 50).mapToObj(i -> "line " + i).toList());
      try (var watch = node.log().watch(stream, 0)) {
        assertThat(watch.next(Node.LONG)).isInstanceOf(Next.Events.class);
        node.lines().fail(AWAY);
        for (var beat = 0; beat < 5; beat++) {
          assertThat(watch.next(BEAT)).isEqualTo(new Next.Idle<Line>(10));
        }
        node.lines().fail(null);
        assertThat(watch.next(Node.LONG) instanceof Next.Events<Line>(var events) ? events : null)
            .hasSize(10)
            .startsWith(new Line(11, "line 10"));
      }
    }
  }

  @Test
  void aReaderThatFailsTriesAgainAndDoesNotSpin() {
    var limits = EventLogLimits.defaults().withHealing(Duration.ofDays(1));
    try (var node = Node.start(db, limits)) {
      var stream = node.stream();
      try (var follower = Follower.of(node, stream, 0, BEAT)) {
        // The database layer would pace what looks like an outage.
        node.lines().fail(new IllegalStateException("broken"));
        node.append(stream, "a");
        Await.until("it tried twice", () -> node.lines().reads() >= 2);
        var beats = follower.given().size();
        Await.until("time passes", () -> follower.given().size() > beats + 10);
        assertThat(node.lines().reads()).isLessThan(20);
        assertThat(follower.lines()).isEmpty();
        node.lines().fail(null);
        follower.has(1, 1);
      }
    }
  }

  @Test
  void aDatabaseThatStaysAwayIsReported() {
    var limits =
        EventLogLimits.defaults()
            .withHealing(Duration.ofMillis(10))
            .withOutage(Duration.ofMillis(200));
    try (var node = Node.start(db, limits)) {
      var stream = node.stream();
      node.append(stream, "a");
      try (var idle = Follower.of(node, stream, 1, BEAT)) {
        node.lines().fail(AWAY);
        assertThat(idle.end())
            .isInstanceOfSatisfying(
                ProblemException.class,
                refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
        assertThat(idle.given()).hasSizeGreaterThan(2);
        node.lines().fail(null);
      }
      try (var again = Follower.of(node, stream, 0)) {
        again.has(1, 1);
      }
    }
  }

  @Test
  void aStreamThatCannotBeReadIsReportedAsWhatItIs() {
    var limits =
        EventLogLimits.defaults()
            .withHealing(Duration.ofDays(1))
            .withOutage(Duration.ofMillis(100));
    try (var node = Node.start(db, limits)) {
      var stream = node.stream();
      try (var follower = Follower.of(node, stream, 0, BEAT)) {
        node.lines().fail(new IllegalStateException("not an event"));
        node.append(stream, "a");
        assertThat(follower.end()).isInstanceOf(IllegalStateException.class);
      }
      node.lines().fail(null);
    }
  }
}
