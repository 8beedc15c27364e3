package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What happens in the moments between looking and waiting. Nothing heals here, so what is not
/// noticed then is never seen.
class RacesTest {
  private TestDatabase db;
  private Node node;
  private StreamKey stream;

  @BeforeEach
  void open() {
    db = TestDatabase.fresh("kit");
    Lines.create(db);
    node =
        Node.start(db, EventLogLimits.defaults().withoutDoorbell().withHealing(Duration.ofDays(1)));
    stream = node.stream();
  }

  @AfterEach
  void close() {
    node.close();
    db.close();
  }

  @Test
  void anEventThatIsWrittenWhileTheFirstWatcherAsksForTheHeadIsSeen() {
    node.lines().afterHeads(() -> node.append(stream, "in between"));
    try (var watch = node.log().watch(stream, 0)) {
      assertThat(watch.next(Duration.ofSeconds(20)))
          .isEqualTo(new Next.Events<>(List.of(new Line(1, "in between"))));
    }
  }

  @Test
  void anEventThatIsWrittenWhileAMistakenRingIsLookedAtIsSeen() {
    try (var watch = node.log().watch(stream, 0)) {
      node.lines().afterHeads(() -> node.append(stream, "in between"));
      node.database()
          .write(
              context -> {
                node.log().appended(context, stream, 1_000_000);
                return true;
              });
      assertThat(watch.next(Duration.ofSeconds(20)))
          .isEqualTo(new Next.Events<>(List.of(new Line(1, "in between"))));
    }
  }

  @Test
  void anEventThatIsWrittenBetweenTwoLooksIsSeen() {
    try (var watch = node.log().watch(stream, 0)) {
      for (var i = 1; i <= 200; i++) {
        node.append(stream, "line");
        assertThat(watch.next(Duration.ofSeconds(20)))
            .isEqualTo(new Next.Events<>(List.of(new Line(i, "line"))));
      }
    }
  }
}
