package dev.agentserver.benchmarks.flag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlagBenchmarkTest {
  @ParameterizedTest
  @EnumSource
  void everyRuleChoosesAVariant(Rule rule) {
    var answer = rule.flag().evaluate(Rule.context(), Instant.EPOCH);

    assertThat(answer.error()).isEmpty();
    assertThat(answer.value()).isInstanceOf(Boolean.class);
  }
}
