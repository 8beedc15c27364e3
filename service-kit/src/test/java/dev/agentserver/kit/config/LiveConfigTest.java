package dev.agentserver.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.test.LogCapture;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveConfigTest {
  private static LiveConfig config(String... variables) {
    return LiveConfig.of(
        Environment.of(variables.length == 0 ? Map.of() : Map.of(variables[0], variables[1])));
  }

  private static LiveSetting<Integer> pages(LiveConfig config) {
    return config.integer("pages", "PAGES", 50, 1, 200, "how many");
  }

  @Test
  void aSettingIsItsDefaultUntilItIsToldOtherwiseAndAgainAfterwards() {
    var config = config();
    var pages = pages(config);
    var wait =
        config.duration(
            "wait", "WAIT", Duration.ofMinutes(10), Duration.ZERO, Duration.ofHours(1), "");
    assertThat(pages.get()).isEqualTo(50);
    assertThat(config.revision()).isEqualTo(-1);
    var changes = new AtomicInteger();
    config.onChange(changes::incrementAndGet);
    config.take(3, Map.of("pages", "70", "wait", "5s"));
    assertThat(pages.get()).isEqualTo(70);
    assertThat(wait.get()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.revision()).isEqualTo(3);
    config.take(4, Map.of());
    assertThat(pages.get()).isEqualTo(50);
    assertThat(wait.get()).isEqualTo(Duration.ofMinutes(10));
    assertThat(changes).hasValue(2);
  }

  @Test
  void theEnvironmentOfTheProcessWins() {
    var config = config("PAGES", "20");
    var pages = pages(config);
    config.take(1, Map.of("pages", "70"));
    assertThat(pages.get()).isEqualTo(20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pages(config("PAGES", "0")))
        .withMessageContaining("PAGES");
  }

  @Test
  void whatIsNoValueChangesNothingAndIsSaid() {
    var config = config();
    var pages = pages(config);
    config.take(1, Map.of("pages", "70"));
    try (var log = LogCapture.of(LiveConfig.class)) {
      for (var unfit : new String[] {"201", "0", "x"}) {
        config.take(2, Map.of("pages", unfit));
        assertThat(pages.get()).isEqualTo(70);
      }
      assertThat(log.lines()).hasSize(3);
    }
  }

  @Test
  void aTextIsWhatItIsReadAs() {
    var config = config();
    var level = config.text("level", "LEVEL", "HIGH", "", LiveConfigTest::level, "");
    assertThat(level.get()).isEqualTo(Level.HIGH);
    config.take(1, Map.of("level", "LOW"));
    assertThat(level.get()).isEqualTo(Level.LOW);
    try (var log = LogCapture.of(LiveConfig.class)) {
      config.take(2, Map.of("level", "?"));
      assertThat(log.lines()).hasSize(1);
    }
    assertThat(level.get()).isEqualTo(Level.LOW);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> config("LEVEL", "?").text("l", "LEVEL", "LOW", "", LiveConfigTest::level, ""))
        .withMessageContaining("LEVEL: ");
  }

  private enum Level {
    LOW,
    HIGH
  }

  private static Level level(String text) {
    return Level.valueOf(text);
  }

  @Test
  void theDefinitionSaysWhatTheProcessTakes() {
    var config = config();
    pages(config);
    config.duration(
        "wait", "WAIT", Duration.ofSeconds(90), Duration.ofMillis(500), Duration.ofHours(1), "");
    assertThat(config.definitions())
        .containsExactly(
            new LiveSetting.Definition(
                "pages", "INT", "{\"minimum\":1,\"maximum\":200}", "50", "how many"),
            new LiveSetting.Definition(
                "wait", "DURATION", "{\"minimum\":0.5,\"maximum\":3600}", "PT1M30S", ""));
  }

  @Test
  void theEnvironmentHasTheNameOfTheProfileOrItsOwn() {
    assertThat(config().name()).isEqualTo("dev");
    assertThat(config("CONFIG_ENVIRONMENT", "eu-west").name()).isEqualTo("eu-west");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config("CONFIG_ENVIRONMENT", "EU"))
        .withMessageContaining("CONFIG_ENVIRONMENT");
  }
}
