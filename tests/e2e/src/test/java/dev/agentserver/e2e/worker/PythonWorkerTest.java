package dev.agentserver.e2e.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.e2e.server.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The example in Python, by stubs that are generated here.
///
/// It needs Debian's python3-grpcio, python3-protobuf, protobuf-compiler and
/// protobuf-compiler-grpc; continuous integration installs them.
@ExtendWith(SharedServer.class)
class PythonWorkerTest {
  private static final Path EXAMPLE = Path.of("..", "..", "examples", "python-worker");
  private static final String PYTHON = "/usr/bin/python3";

  private final Server server;

  @TempDir Path directory;

  PythonWorkerTest(Server server) {
    this.server = server;
  }

  @Test
  void itAnswersInAConversation() throws Exception {
    assumeTrue(
        succeeds(
            "sh",
            "-c",
            "command -v protoc && command -v grpc_python_plugin && "
                + PYTHON
                + " -c 'import grpc'"),
        "gRPC for Python is not installed");
    assertThat(succeeds("sh", EXAMPLE.resolve("generate").toString(), directory.toString()))
        .isTrue();
    var ann = User.member(server);
    var runs = new Runs(ann);
    var queue = "q" + UUID.randomUUID();
    var conversation = ann.conversation("a trip");
    ann.message(conversation, "to the sea \uD83C\uDFD6 and back");
    var agent = runs.agent("\"settings\": {\"queue\": \"%s\"}".formatted(queue));
    var variables =
        Map.of(
            "TARGET",
            server.url().getHost() + ":" + server.url().getPort(),
            "QUEUES",
            queue,
            "PYTHONDONTWRITEBYTECODE",
            "1",
            "PYTHONPATH",
            directory.toString());
    var command = List.of(PYTHON, EXAMPLE.resolve("worker.py").toString());
    try (var _ = WorkerProcess.of(server, "python", command, variables)) {
      var run =
          runs.begin(
              "\"agent_id\": \"%s\", \"conversation_id\": \"%s\"".formatted(agent, conversation));
      var ended = runs.await(run, "SUCCEEDED");
      var answer = ann.http().get("/v1/messages/" + ended.path("output_message_id").asText());
      assertThat(answer.expect(200).json().path("content").asText())
          .isEqualTo("You said: to the sea \uD83C\uDFD6 and back");
    }
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }
}
