package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingsTest {
  private final Map<StreamKey, Long> heard = new HashMap<>();
  private final AtomicInteger everything = new AtomicInteger();

  private void read(String text) {
    Rings.read(text, "self", heard::put, everything::incrementAndGet);
  }

  @Test
  void manyRingsAreReadAsTheyWereWrittenInTextsThatFit() {
    var rings = new LinkedHashMap<StreamKey, Long>();
    for (var i = 0; i < 1_000; i++) {
      rings.put(new StreamKey(UUID.randomUUID(), UUID.randomUUID()), Long.MAX_VALUE - i);
    }
    var texts = Rings.write("other", rings, false);
    assertThat(texts).hasSizeGreaterThan(1).allMatch(text -> text.length() <= 7_900);
    texts.forEach(this::read);
    assertThat(heard).isEqualTo(rings);
    assertThat(everything).hasValue(0);
  }

  @Test
  void whatThisProcessSentIsPassedOver() {
    var ring = Map.of(new StreamKey(UUID.randomUUID(), UUID.randomUUID()), 1L);
    Rings.write("self", ring, false).forEach(this::read);
    assertThat(heard).isEmpty();
  }

  @Test
  void everythingMayHaveRung() {
    Rings.write("other", Map.of(), true).forEach(this::read);
    assertThat(everything).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other x", "other a/b/c", "other //", "other 1/2/3/4"})
  void anotherTextIsNoRing(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> read(text));
  }
}
