package dev.agentserver.benchmarks.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageBenchmarkTest {
  @ParameterizedTest
  @EnumSource
  void everyReportIsReadAndHasAPrice(Report report) {
    var benchmark = new UsageBenchmark();
    benchmark.report = report;
    benchmark.prepare();

    assertThat(benchmark.normalize().warnings()).isEmpty();
    assertThat(benchmark.estimate().total()).isPositive();
  }
}
