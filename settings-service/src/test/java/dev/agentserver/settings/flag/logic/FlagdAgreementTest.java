package dev.agentserver.settings.flag.logic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlagdAgreementTest {
  private static final int RULES = 10_000;

  @Test
  void tenThousandRandomRulesAnswerAsFlagdsOwnEvaluatorDoes() throws IOException {
    var cases = Agreement.cases(RULES, 1);
    var theirs = Agreement.recorded();
    assertThat(theirs).hasSize(RULES);

    var different =
        IntStream.range(0, RULES)
            .filter(i -> !Agreement.ours(cases.get(i)).equals(theirs.get(i)))
            .mapToObj(cases::get)
            .toList();

    assertThat(different).allMatch(Agreement.Case::isUnbracketed);
    assertThat(different).hasSizeLessThan(RULES / 100);
  }

  @Test
  void theRulesAreOfAllKinds() throws IOException {
    var answers = Agreement.recorded();

    assertThat(answers)
        .anyMatch(answer -> answer.startsWith("TARGETING_MATCH a"))
        .anyMatch(answer -> answer.startsWith("TARGETING_MATCH c"))
        .anyMatch(answer -> answer.startsWith("DEFAULT b"))
        .anyMatch(answer -> answer.equals("DEFAULT  "))
        .anyMatch(answer -> answer.equals("ERROR  GENERAL"))
        .anyMatch(answer -> answer.equals("ERROR  PARSE_ERROR"));
    assertThat(answers.stream().filter(answer -> answer.startsWith("TARGETING_MATCH")).count())
        .isGreaterThan(RULES / 4);
  }
}
