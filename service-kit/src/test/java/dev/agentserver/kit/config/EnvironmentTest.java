package dev.agentserver.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
  @TempDir Path directory;

  @Test
  void anEmptyVariableCountsAsAbsent() {
    assertThat(with("HOST", "  ").text("HOST", "here")).isEqualTo("here");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("HOST", "").required("HOST"))
        .withMessageContaining("HOST");
    assertThat(with("HOST", "there").required("HOST")).isEqualTo("there");
  }

  @Test
  void valuesCanBePutInPlaceOfItsOwn() {
    var changed = with("HOST", "there").with(Map.of("HOST", "here", "PORT", "1"));
    assertThat(changed.text("HOST", "")).isEqualTo("here");
    assertThat(changed.text("PORT", "")).isEqualTo("1");
  }

  @Test
  void durationsAreReadInBothForms() {
    assertThat(with("T", "500ms").duration("T", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    assertThat(with("T", "30s").duration("T", Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
    assertThat(with("T", "5m").duration("T", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
    assertThat(with("T", "2h").duration("T", Duration.ZERO)).isEqualTo(Duration.ofHours(2));
    assertThat(with("T", "7d").duration("T", Duration.ZERO)).isEqualTo(Duration.ofDays(7));
    assertThat(with("T", "PT1.5S").duration("T", Duration.ZERO)).isEqualTo(Duration.ofMillis(1500));
    assertThat(with("X", "1").duration("T", Duration.ofSeconds(9)))
        .isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aBadValueIsRefusedByAMessageThatNamesTheVariableAndWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("PORT", "99999").integer("PORT", 1, 0, 65_535))
        .withMessage("PORT is \"99999\", allowed is a whole number from 0 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("PORT", "many").integer("PORT", 1, 0, 65_535))
        .withMessageContaining("PORT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("T", "soon").duration("T", Duration.ZERO))
        .withMessageContaining("500ms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("T", "PT-1S").duration("T", Duration.ZERO))
        .withMessageContaining("zero or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("F", "maybe").flag("F", true))
        .withMessageContaining("true or false");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Profile.from(with("AGENTSERVER_PROFILE", "test")))
        .withMessageContaining("dev and prod");
  }

  @Test
  void flagsAndNumbersHaveDefaults() {
    assertThat(with("F", "on").flag("F", false)).isTrue();
    assertThat(with("F", "0").flag("F", true)).isFalse();
    assertThat(with("X", "0").flag("F", true)).isTrue();
    assertThat(with("N", "7").integer("N", 1, 0, 10)).isEqualTo(7);
    assertThat(with("X", "7").integer("N", 1, 0, 10)).isEqualTo(1);
  }

  @Test
  void aSecretComesFromTheVariableOrFromAFileAndNeverPrints() throws IOException {
    var file = Files.writeString(directory.resolve("secret"), "hunter2\n");
    assertThat(with("KEY_FILE", file.toString()).secret("KEY").value()).isEqualTo("hunter2");
    assertThat(with("KEY", "open").secret("KEY", "x").value()).isEqualTo("open");
    assertThat(with("X", "open").secret("KEY", "x").value()).isEqualTo("x");
    assertThat(new Secret("hunter2")).hasToString("***");
  }

  @Test
  void aSecretThatIsMissingOrDoubleOrUnreadableIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("X", "1").secret("KEY"))
        .withMessageContaining("KEY_FILE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Environment.of(Map.of("KEY", "a", "KEY_FILE", "b")).secret("KEY"))
        .withMessageContaining("both");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with("KEY_FILE", directory.resolve("none").toString()).secret("KEY"))
        .withMessageContaining("cannot be read");
  }

  @Test
  void theSystemsEnvironmentIsReadable() {
    assertThat(Environment.system().text("PATH", "")).isNotEmpty();
  }

  private static Environment with(String name, String value) {
    return Environment.of(Map.of(name, value));
  }
}
