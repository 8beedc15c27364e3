package dev.agentserver.gateway.facts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What Envoy is observed to do, done by a gateway in mode envoy.
class EnvoyFactsTest {
  private static FactGateways gateways;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    gateways = new FactGateways("envoy", folder);
  }

  @AfterAll
  static void stop() {
    gateways.close();
  }

  static Stream<Arguments> facts() {
    return Facts.all("envoy");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("facts")
  void is(Fact fact) throws IOException {
    new FactChecks(gateways, "envoy").check(fact);
  }
}
