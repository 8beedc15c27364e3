package dev.agentserver.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentserver.e2e.clients.Generator;
import dev.agentserver.e2e.clients.NodeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Google's `grpc-web`, text and binary, and connect-web through the gateway to grpc-java's
/// TestServiceServer: what gRPC's interoperability tests ask of a client, as far as a browser's can
/// do it. The cases are in `clients/interop/cases.js`; they run once, in Node, or in a real browser
/// by `-Dinterop.browser=/usr/bin/chromium`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrowserClientsTest {
  private static final String BROWSER = System.getProperty("interop.browser", "");
  private static final List<String> CLIENTS =
      List.of("grpc-web text", "grpc-web binary", "connect-web");
  private static final List<String> CASES =
      List.of(
          "empty_unary",
          "large_unary",
          "very_large_message",
          "server_streaming",
          "empty_stream",
          "slow_reader_of_many",
          "custom_metadata",
          "custom_metadata_streaming",
          "status_code_and_message",
          "special_status_message",
          "error_details",
          "unimplemented_method",
          "unimplemented_service",
          "error_after_messages",
          "cancel_after_begin",
          "cancel_after_first_response");

  private final Map<String, String> ends = new HashMap<>();

  private static Stream<Arguments> all() {
    return CLIENTS.stream()
        .flatMap(client -> CASES.stream().map(each -> Arguments.of(client, each)));
  }

  @BeforeAll
  void run() throws IOException, InterruptedException {
    var project = NodeProject.copy(Path.of("clients"), Path.of("target", "interop-clients"));
    project.npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    Generator.run(project, Interop.contracts());
    try (var interop = Interop.start()) {
      var environment = Map.of("AGENTSERVER_URL", interop.url().toString(), "BROWSER", BROWSER);
      var result = project.run(environment, "node", "interop/run.js");
      assertThat(result.exitCode()).as(result.output()).isZero();
      for (var line : result.output().lines().toList()) {
        var end = new ObjectMapper().readTree(line);
        ends.put(id(end), end.path("failure").asText());
      }
    }
  }

  private static String id(JsonNode end) {
    return end.path("client").asText() + ": " + end.path("case").asText();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void theClientFindsNothing(String client, String testCase) {
    assertThat(ends).containsEntry(client + ": " + testCase, "");
  }
}
