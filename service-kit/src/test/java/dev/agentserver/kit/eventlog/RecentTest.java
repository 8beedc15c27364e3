package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentTest {
  private static final int OVERHEAD = 64;

  private final AtomicLong total = new AtomicLong();

  private Recent<Line> recent(EventLogLimits limits) {
    var recent = new Recent<>(new Lines(), limits, total);
    recent.restart(100);
    return recent;
  }

  private static List<Line> lines(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(seq -> new Line(seq, "x".repeat(36))).toList();
  }

  @Test
  void theNewestEventsAreKept() {
    var recent = recent(EventLogLimits.defaults().withTail(50, 1_000_000));
    for (var from = 101; from < 400; from += 10) {
      recent.add(lines(from, from + 9));
    }
    assertThat(recent.start()).isEqualTo(350);
    assertThat(recent.end()).isEqualTo(400);
    assertThat(recent.after(350, 1_000)).isEqualTo(lines(351, 400));
    assertThat(recent.after(370, 5)).isEqualTo(lines(371, 375));
    assertThat(recent.after(400, 5)).isEmpty();
  }

  @Test
  void theirBytesAreBoundedAndOneEventIsAlwaysKept() {
    var recent = recent(EventLogLimits.defaults().withTail(1_000, 1_000));
    recent.add(lines(101, 150));
    assertThat(recent.bytes()).isEqualTo(1_000);
    assertThat(recent.after(recent.start(), 100)).isEqualTo(lines(141, 150));
    recent.add(List.of(new Line(151, "y".repeat(5_000))));
    assertThat(recent.start()).isEqualTo(150);
    assertThat(recent.bytes()).isEqualTo(5_000 + OVERHEAD);
    recent.add(lines(152, 152));
    assertThat(recent.bytes()).isEqualTo(100);
  }

  @Test
  void allStreamsTogetherAreBoundedToo() {
    var limits = EventLogLimits.defaults().withTotalBytes(1_500);
    var one = recent(limits);
    var other = recent(limits);
    one.add(lines(101, 110));
    other.add(lines(101, 110));
    assertThat(total.get()).isEqualTo(1_500);
    assertThat(other.after(other.start(), 100)).isEqualTo(lines(106, 110));
    one.clear();
    assertThat(total.get()).isEqualTo(500);
    other.restart(7);
    assertThat(total.get()).isZero();
  }

  @Test
  void olderEventsAreAddedWhereThereIsRoom() {
    var recent = recent(EventLogLimits.defaults().withTail(20, 1_000_000));
    recent.add(lines(101, 105));
    // The last of them are here already; what does not reach is of no use.
    recent.addOlder(lines(91, 102));
    recent.addOlder(lines(50, 60));
    assertThat(recent.start()).isEqualTo(90);
    assertThat(recent.after(90, 100)).isEqualTo(lines(91, 105));
    recent.addOlder(lines(71, 90));
    assertThat(recent.start()).isEqualTo(85);
    assertThat(recent.after(85, 100)).isEqualTo(lines(86, 105));
    assertThat(total.get()).isEqualTo(recent.bytes()).isEqualTo(2_000);
    recent.add(lines(106, 106));
    assertThat(recent.after(recent.start(), 100)).isEqualTo(lines(87, 106));
  }

  @Test
  void whatIsClearedGoesOnWhereItWas() {
    var recent = recent(EventLogLimits.defaults());
    recent.add(lines(101, 200));
    recent.clear();
    assertThat(recent.start()).isEqualTo(200);
    recent.add(lines(201, 203));
    assertThat(recent.after(200, 10)).isEqualTo(lines(201, 203));
  }
}
