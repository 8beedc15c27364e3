package dev.agentserver.agentrun.event.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.RunEvent;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// One session with many events: 20,000, or `-Devents.many=1000000` for as many as that. What takes
/// how long is printed; what is asserted is that nothing is asked of the database more often, and
/// that one partition is touched.
class ManyEventsTest extends Scene {
  private static final int BATCH = 500;
  private static final int MANY = Integer.getInteger("events.many", 20_000);

  @Test
  void appendingListingAndFollowingStayTheSameHoweverManyThereAre() {
    var session = session();
    var run = runOf(session);
    append(run, events(BATCH));
    var early = cost(session, run, 0);
    for (var written = 2 * BATCH; written < MANY; written += BATCH) {
      append(run, events(BATCH));
      if (written % 100_000 == 0) {
        System.out.printf("%,d events: %s%n", written, cost(session, run, written / 2));
      }
    }
    for (var after : new long[] {0, MANY / 2, MANY - BATCH - 50}) {
      var late = cost(session, run, after);
      System.out.printf("after %,d of %,d: %s%n", after, MANY, late);
      assertThat(late.listStatements()).isEqualTo(early.listStatements());
      try (var follower = follow(session, after)) {
        assertThat(follower.nextEvent().getSeq()).isEqualTo(after + 1);
      }
    }
    assertThat(
            service.column(
                "select count(distinct tableoid) from run_event where stream_id ="
                    + " (select stream_id from event_stream where subject_id = '%s')"
                        .formatted(session)))
        .containsExactly("1");
  }

  private record Cost(int listStatements, long listMicros, long appendMicros) {}

  private Cost cost(UUID session, Leased run, long after) {
    var begin = System.nanoTime();
    // What the background asks meanwhile is counted too.
    var statements =
        IntStream.range(0, 5).map(_ -> service.statements(() -> list(session, after))).min();
    var listed = System.nanoTime();
    append(run, events(1));
    return new Cost(
        statements.orElseThrow(), (listed - begin) / 1000, (System.nanoTime() - listed) / 1000);
  }

  private void list(UUID session, long after) {
    var page = as(alice).listSessionEvents(ofSession(session, after).setPageSize(50).build());
    assertThat(page.getEventsList()).extracting(RunEvent::getSeq).hasSize(50).startsWith(after + 1);
  }
}
