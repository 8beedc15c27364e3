package dev.agentserver.agentrun.event.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.WatchSessionRequest;
import dev.agentserver.kit.eventlog.EventLogLimits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One session with much that happens in it, and watchers who read nothing of it: some who had all
/// there was, some who come for what is old. The others get everything as it happens, the service
/// keeps nothing for those who stall, and they miss nothing when they go on. 3,000 large events, or
/// `-Devents.many=1000000` for as many small ones.
class StalledWatchersTest extends Scene {
  private static final int SHORT = 3_000;
  private static final int MANY = Integer.getInteger("events.many", SHORT);
  private static final int BATCH = MANY > SHORT ? 500 : 100;

  /// Of each kind.
  private static final int STALLED = MANY > SHORT ? 100 : 20;

  private static final String CONTENT = "x".repeat(MANY > SHORT ? 200 : 8 << 10);

  /// Less than is written meanwhile, and than a page for each of them.
  private static final long BOUND = MANY > SHORT ? 64 << 20 : 16 << 20;

  private final List<Follower<WatchSessionRequest>> open = new ArrayList<>();

  @Override
  EventLogLimits limits() {
    return EventLogLimits.defaults().withMaxLag(1_000);
  }

  @AfterEach
  void leave() {
    open.forEach(Follower::close);
  }

  @Test
  @Timeout(1_800) // the long form
  void whoStallsHoldsUpNobodyCostsLittleAndMissesNothing() {
    var session = session();
    var run = runOf(session);
    append(run, events(1));
    var near = stalled(session);
    near.forEach(each -> each.takeUntil(event -> !event.hasHeartbeat()));
    var quick = List.of(opened(session, false), opened(session, false));
    quick.forEach(each -> reads(each, 1, 1));
    var before = heap();

    for (var written = 0; written < MANY; written += BATCH) {
      append(run, IntStream.range(0, BATCH).mapToObj(_ -> event(CONTENT)).toList());
      for (var each : quick) {
        reads(each, written + 2, BATCH);
      }
    }
    var old = stalled(session);
    old.forEach(Follower::next);
    var more = heap() - before;
    System.out.printf(
        "%,d stalled while %,d events of %,d bytes happened: heap %+.1f MiB%n",
        2 * STALLED, MANY, CONTENT.length(), more / 1024.0 / 1024);
    assertThat(more).isLessThan(BOUND);

    for (var each : near) {
      each.hurry();
      assertThat(each.next(RunEvent::hasSnapshot).getSeq()).isEqualTo(MANY + 1);
    }
    var slow = old.getFirst();
    slow.hurry();
    reads(slow, 1, MANY + 1);
    append(run, events(1));
    for (var each : near) {
      assertThat(each.nextEvent().getSeq()).isEqualTo(MANY + 2);
    }
    assertThat(slow.nextEvent().getSeq()).isEqualTo(MANY + 2);
  }

  /// Watchers who take the first frame and nothing more.
  private List<Follower<WatchSessionRequest>> stalled(UUID session) {
    return IntStream.range(0, STALLED).mapToObj(_ -> opened(session, true)).toList();
  }

  private Follower<WatchSessionRequest> opened(UUID session, boolean slow) {
    var follower = follow(alice, session, 0, slow);
    open.add(follower);
    return follower;
  }

  private static void reads(Follower<WatchSessionRequest> follower, long first, int count) {
    for (var seq = first; seq < first + count; seq++) {
      assertThat(follower.nextEvent().getSeq()).isEqualTo(seq);
    }
  }

  /// What is left after what nobody needs was collected.
  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
