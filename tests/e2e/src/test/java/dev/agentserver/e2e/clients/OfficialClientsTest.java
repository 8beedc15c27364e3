package dev.agentserver.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// `grpc-web` (binary and text) and `@connectrpc/connect-web` from npm, with code generated from
/// the descriptor set, and `eventsource`, in Node. What they are asked to do is in `clients/test`.
@ExtendWith(SharedServer.class)
class OfficialClientsTest {
  @Test
  void theOfficialGrpcWebClientsOfNpmWork(Server server) throws IOException, InterruptedException {
    var project = NodeProject.copy(Path.of("clients"), Path.of("target", "clients"));
    project.npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    Generator.run(project);

    var environment =
        Map.of(
            "AGENTSERVER_URL",
            server.url().toString().replaceAll("/$", ""),
            "AGENTSERVER_TOKEN",
            User.member(server).token());
    var result = project.run(environment, "npm", "test", "--silent");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("pass 31").contains("fail 0");
  }
}
