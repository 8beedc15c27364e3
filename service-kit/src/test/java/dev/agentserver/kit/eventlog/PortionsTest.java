package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The events are numbers, and as large as they say.
class PortionsTest {
  private static final int MOST = 256;

  private final Portions<Integer> portions = Portions.bounded(Integer::intValue, MOST);

  private static List<Integer> events(int count, int bytes) {
    return Collections.nCopies(count, bytes);
  }

  @Test
  void smallEventsComeManyAtOnce() {
    assertThat(portions.cut(events(portions.limit(), 100))).hasSize(MOST);
    assertThat(portions.limit()).isEqualTo(MOST);
  }

  @Test
  void largeEventsComeFewAtOnce() {
    assertThat(portions.cut(events(MOST, 8 * 1024))).hasSize(16);
    assertThat(portions.limit()).isEqualTo(16);
  }

  @Test
  void anEventOfAnySizeComes() {
    var large = 4 * Portions.BYTES;
    assertThat(portions.cut(events(3, large))).containsExactly(large);
    assertThat(portions.limit()).isEqualTo(1);
    assertThat(portions.cut(events(1, large))).containsExactly(large);
  }

  @Test
  void afterLargeOnesTheSmallComeManyAtOnceAgain() {
    portions.cut(events(MOST, 64 * 1024));
    assertThat(portions.limit()).isEqualTo(2);
    portions.cut(events(2, 64));
    assertThat(portions.limit()).isEqualTo(MOST);
  }

  @Test
  void whoComesForOnePortionGetsAllOfIt() {
    var whole = Portions.whole(Integer::intValue, 1_000);
    assertThat(whole.limit()).isEqualTo(1_000);
    assertThat(whole.cut(events(1_000, 1_000))).hasSize(1_000);
  }
}
