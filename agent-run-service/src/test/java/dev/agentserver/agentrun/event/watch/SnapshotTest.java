package dev.agentserver.agentrun.event.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.FollowedRun;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.kit.eventlog.EventLogLimits;
import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What stands in place of events that are gone or too many.
class SnapshotTest extends Scene {
  @Override
  EventLogLimits limits() {
    return EventLogLimits.defaults().withMaxLag(50).withPage(10).withTail(60, 1 << 20);
  }

  @Test
  void eventsThatWereDroppedAreAnsweredByTheStateOfTheSessionAndItsRuns() {
    var session = session();
    var run = runOf(session);
    append(run, events(5));
    longAgo(session);
    var page = as(alice).listSessionEvents(ofSession(session, 0).build());
    assertThat(page.getEventsList()).hasSize(1);
    assertState(page.getEvents(0), session.toString(), run.id().toString(), 5);
    assertThat(page.getSeq()).isEqualTo(5);
    assertThat(listRun(run.id(), 2, 10).getFirst().hasSnapshot()).isTrue();
    try (var follower = follow(session, 3)) {
      assertState(follower.nextEvent(), session.toString(), run.id().toString(), 5);
      append(run, events(2));
      assertThat(follower.nextEvents(2)).extracting(RunEvent::getSeq).containsExactly(6L, 7L);
    }
    assertThat(list(session, 5, 10)).extracting(RunEvent::getSeq).containsExactly(6L, 7L);
  }

  private static void assertState(RunEvent event, String session, String run, long seq) {
    assertThat(event.hasSnapshot()).isTrue();
    assertThat(event.getSeq()).isEqualTo(seq);
    var snapshot = event.getSnapshot();
    assertThat(snapshot.getSession().getSessionId()).isEqualTo(session);
    assertThat(snapshot.getSession().getState()).isEqualTo(Session.State.STATE_ACTIVE);
    assertThat(snapshot.getSession().getPhase()).isEqualTo(Phase.PHASE_SPEC);
    assertThat(snapshot.getRunsList())
        .containsExactly(
            FollowedRun.newBuilder().setRunId(run).setState(Run.State.STATE_RUNNING).build());
  }

  @Test
  void aReaderWhoStallsGetsASnapshotAndThenWhatFollows() {
    var session = session();
    var run = runOf(session);
    try (var stalled = follow(alice, session, 0, true);
        var quick = follow(session, 0)) {
      // Who was never near the end may take its time: this one was.
      append(run, events(1));
      stalled.takeUntil(event -> event.getSeq() == 1 && !event.hasHeartbeat());
      quick.nextEvent();
      var large = "x".repeat(16 * 1024);
      for (var i = 0; i < 60; i++) {
        var batch = new ArrayList<dev.agentserver.agentrun.v1.NewRunEvent>();
        for (var k = 0; k < 5; k++) {
          batch.add(event(large));
        }
        append(run, batch);
        // Who reads as fast as it is written is never sent to a snapshot.
        assertThat(quick.nextEvents(5))
            .extracting(RunEvent::getSeq)
            .containsExactlyElementsOf(
                LongStream.rangeClosed(5L * i + 2, 5L * i + 6).boxed().toList());
      }
      stalled.hurry();
      var snapshot = stalled.next(RunEvent::hasSnapshot);
      assertThat(snapshot.getSeq()).isEqualTo(301);
      append(run, events(1));
      assertThat(stalled.nextEvent().getSeq()).isEqualTo(302);
    }
  }
}
