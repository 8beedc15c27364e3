package dev.agentserver.agentrun.price.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant JULY = Instant.parse("2026-07-01T00:00:00Z");

  private int made;

  @Test
  void aLaterPriceEndsTheOneBefore() {
    var old = version(Daily.ALWAYS, null, null);
    var changes = put(List.of(old), version(Daily.ALWAYS, MARCH, null));
    assertThat(changes.moved()).containsExactly(old.during(null, MARCH));
    assertThat(changes.added()).hasSize(1);
    assertThat(changes.withdrawn()).isEmpty();
  }

  @Test
  void aPriceForAWhileCutsTheOldOneInTwo() {
    var old = version(Daily.ALWAYS, JANUARY, null);
    var changes = put(List.of(old), version(Daily.ALWAYS, MARCH, MAY));
    assertThat(changes.moved()).containsExactly(old.during(JANUARY, MARCH));
    assertThat(changes.added())
        .extracting(PriceVersion::from)
        .containsExactlyInAnyOrder(MARCH, MAY);
    assertThat(changes.added()).extracting(PriceVersion::id).doesNotContain(old.id());
  }

  @Test
  void aBackdatedPriceTakesTheBeginningOfTheOldOne() {
    var old = version(Daily.ALWAYS, MARCH, null);
    var changes = put(List.of(old), version(Daily.ALWAYS, JANUARY, MAY));
    assertThat(changes.moved()).containsExactly(old.during(MAY, null));
  }

  @Test
  void whatIsLeftWithoutAnyTimeIsWithdrawn() {
    var first = version(Daily.ALWAYS, JANUARY, MARCH);
    var second = version(Daily.ALWAYS, MARCH, MAY);
    var third = version(Daily.ALWAYS, MAY, null);
    var changes = put(List.of(first, second, third), version(Daily.ALWAYS, JANUARY, JULY));
    assertThat(changes.withdrawn()).containsExactly(first.id(), second.id());
    assertThat(changes.moved()).containsExactly(third.during(JULY, null));
  }

  @Test
  void neighboursInTimeAndOtherPartsOfTheDayStay() {
    var night = version(new Daily(0, 60), null, null);
    var before = version(Daily.ALWAYS, null, JANUARY);
    var after = version(Daily.ALWAYS, MARCH, null);
    var changes = put(List.of(night, before, after), version(Daily.ALWAYS, JANUARY, MARCH));
    assertThat(changes.withdrawn()).isEmpty();
    assertThat(changes.moved()).isEmpty();
    var morning = put(List.of(night), version(new Daily(30, 600), MARCH, null));
    assertThat(morning.moved()).containsExactly(night.during(null, MARCH));
  }

  private Timeline.Changes put(List<PriceVersion> there, PriceVersion version) {
    var timeline = new Timeline(there, this::id);
    timeline.put(version);
    return timeline.changes();
  }

  private PriceVersion version(Daily daily, @Nullable Instant from, @Nullable Instant until) {
    var key = new PriceKey("p", "m", "", false, "", daily);
    return new PriceVersion(id(), true, key, from, until, Source.MANUAL, List.of());
  }

  private UUID id() {
    return new UUID(0, ++made);
  }
}
