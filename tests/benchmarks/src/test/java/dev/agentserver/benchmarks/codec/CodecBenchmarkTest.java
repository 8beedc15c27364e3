package dev.agentserver.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is compared does the same work.
class CodecBenchmarkTest {
  @ParameterizedTest
  @EnumSource(Way.Name.class)
  void everyWayReadsWhatItPrinted(Way.Name name) throws IOException {
    for (var sample : Sample.values()) {
      var message = sample.message();
      var way = name.of(message);

      var read = way.read(way.print(message.toByteArray()));

      assertThat(message.getParserForType().parseFrom(read)).as(sample.name()).isEqualTo(message);
    }
  }
}
