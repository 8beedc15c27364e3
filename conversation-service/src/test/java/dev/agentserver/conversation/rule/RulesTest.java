package dev.agentserver.conversation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.json.JsonSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111",
        "4111 1111 1111 1111",
        "5500-0000-0000-0004",
        "1234 4111 1111 1111 1111",
        "378282246310005",
        "id:6011000990139424."
      })
  void cardsAreFound(String text) {
    assertThat(redacted("CARD", text)).contains("[REDACTED:r]").doesNotContain("1111", "0000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111112",
        "41111111111111111111111",
        "1700000000000",
        "4111 1111  1111 1111",
        "2024-01-02 10:11:12"
      })
  void whatOnlyLooksLikeACardIsNone(String text) {
    assertThat(redacted("CARD", text)).isEqualTo(text);
  }

  @Test
  void addressesAreFoundInSentences() {
    assertThat(redacted("EMAIL", "ask <jo.e+x@mail.example.co.uk>, or a@b"))
        .isEqualTo("ask <[REDACTED:r]>, or a@b");
    assertThat(redacted("EMAIL", "@all me@localhost")).isEqualTo("@all me@localhost");
  }

  @Test
  void keysAreFoundByTheirShapes() {
    for (var key :
        List.of(
            "AKIA" + "IOSFODNN7EXAMPLE",
            "ghp_" + "a1".repeat(18),
            "sk-proj-" + "Ab1_".repeat(8),
            "sk_live_" + "4eC39HqLyjWDarjtT1",
            "AIza" + "x".repeat(35),
            "xoxb-" + "1234-abcd",
            "ag_live_" + "0abc_" + "x".repeat(30))) {
      assertThat(redacted("KEY", "key=" + key + ";")).as(key).isEqualTo("key=[REDACTED:r];");
    }
    var pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----";
    assertThat(redacted("KEY", "a\n" + pem + "\nb")).isEqualTo("a\n[REDACTED:r]\nb");
    assertThat(redacted("KEY", "task-force sk-8 ghp_short")).isEqualTo("task-force sk-8 ghp_short");
  }

  @Test
  void lengthsCountCharacters() {
    var rules = Rules.of("[{\"name\": \"long\", \"max_characters\": 3, \"action\": \"BLOCK\"}]");
    assertThat(rules.judge(List.of("👍👍👍")).blocked()).isNull();
    assertThat(rules.judge(List.of("ab", "cd")).blocked()).isEqualTo("long");
  }

  @Test
  void whatIsForbiddenIsForbiddenWhateverElseIsToBeDone() {
    var rules =
        Rules.of(
            """
            [{"name": "a", "pattern": "x+", "action": "REDACT"}, {"name": "b", "pattern": "y", "action": "FLAG"},
             {"name": "c", "pattern": "z", "action": "BLOCK"}]""");
    var verdict = rules.judge(List.of("xxx y x"));
    assertThat(verdict.blocked()).isNull();
    assertThat(verdict.flags()).containsExactly("a", "b");
    assertThat(verdict.redact("xxx y x")).isEqualTo("[REDACTED:a] y [REDACTED:a]");
    assertThat(rules.judge(List.of("x", "z")).blocked()).isEqualTo("c");
    assertThat(rules.judge(List.of("w"))).isEqualTo(Verdict.NOTHING);
  }

  /// A backtracking matcher needs longer than the world has been there for it.
  @Test
  void noPatternTakesForEver() {
    var rules = Rules.of("[{\"name\": \"r\", \"pattern\": \"(a*)*b\", \"action\": \"BLOCK\"}]");
    assertThat(rules.judge(List.of("a".repeat(100_000))).blocked()).isNull();
  }

  @Test
  void aRuleThatCannotBeUsedIsPassedOverAndTheOthersHold() {
    var rules =
        Rules.of(
            """
            [{"name": "a", "pattern": "(", "action": "BLOCK"}, {"name": "b", "pattern": "x{1000}{1000}", "action": "BLOCK"},
             {"name": "c", "pattern": "(?=x)", "action": "BLOCK"}, {"name": "d", "max_characters": 9, "action": "REDACT"},
             {"name": "E", "detector": "KEY", "action": "FLAG"}, {"name": "f", "detector": "KEY", "pattern": "x", "action": "FLAG"},
             {"name": "g", "action": "FLAG"}, {"name": "h", "pattern": "x", "action": "BLOCK"}]""");
    assertThat(rules.broken()).isEqualTo(7);
    assertThat(rules.judge(List.of("x")).blocked()).isEqualTo("h");
    assertThatIllegalArgumentException().isThrownBy(() -> Rules.of("{}"));
    assertThatIllegalArgumentException().isThrownBy(() -> Rules.of("[1"));
  }

  @Test
  void settingsServiceTakesWhatIsMeant() {
    var schema = Json.parse(Rules.SCHEMA).orElseThrow();
    assertThat(JsonSchema.faults(schema)).isEmpty();
    var compiled = JsonSchema.of(schema);
    var good =
        """
        [{"name": "a", "pattern": "x", "action": "FLAG"}, {"name": "b", "detector": "CARD", "action": "REDACT"},
         {"name": "c", "max_characters": 1, "action": "BLOCK"}]""";
    assertThat(compiled.faults(Json.parse(good).orElseThrow(), 9)).isEmpty();
    for (var bad :
        List.of(
            "[{\"name\": \"a\", \"action\": \"FLAG\"}]",
            "[{\"name\": \"a\", \"pattern\": \"x\", \"action\": \"DROP\"}]",
            "[{\"name\": \"a\", \"pattern\": \"x\", \"detector\": \"KEY\", \"action\": \"FLAG\"}]",
            "{}")) {
      assertThat(compiled.faults(Json.parse(bad).orElseThrow(), 9)).as(bad).isNotEmpty();
    }
  }

  private static String redacted(String detector, String text) {
    var setting = "[{\"name\": \"r\", \"detector\": \"%s\", \"action\": \"REDACT\"}]";
    return Rules.of(setting.formatted(detector)).judge(List.of(text)).redact(text);
  }
}
