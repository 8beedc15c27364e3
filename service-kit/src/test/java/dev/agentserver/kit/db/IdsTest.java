package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @Test
  void anIdIsOfVersion7AndTellsItsMillisecond() {
    var id = Ids.uuidV7(Clock.fixed(NOW, ZoneOffset.UTC)).next();
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void idsRiseAlsoWhenTheClockStandsStill() {
    assertRising(tenThousand(Ids.uuidV7(Clock.fixed(NOW, ZoneOffset.UTC))));
  }

  @Test
  void idsRiseAlsoWhenTheClockStepsBack() {
    var times = List.of(NOW, NOW.minusSeconds(60), NOW.minusSeconds(30)).iterator();
    var ids =
        Ids.uuidV7(
            new Clock() {
              @Override
              public ZoneOffset getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(java.time.ZoneId zone) {
                return this;
              }

              @Override
              public Instant instant() {
                return times.next();
              }
            });
    assertRising(List.of(ids.next(), ids.next(), ids.next()));
  }

  @Test
  void threadsNeverGetTheSame() throws Exception {
    var ids = Ids.uuidV7(Clock.systemUTC());
    var found = java.util.concurrent.ConcurrentHashMap.<UUID>newKeySet();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < 8; i++) {
      threads.add(Thread.startVirtualThread(() -> found.addAll(tenThousand(ids))));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(found).hasSize(80_000);
  }

  private static List<UUID> tenThousand(Ids ids) {
    var made = new ArrayList<UUID>();
    for (var i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }
    return made;
  }

  private static void assertRising(List<UUID> ids) {
    assertThat(ids.stream().map(UUID::toString).toList()).isSorted().doesNotHaveDuplicates();
  }
}
