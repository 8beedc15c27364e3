package dev.agentserver.e2e.openfeature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.clients.NodeProject;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// `@openfeature/flagd-provider` by gRPC and `@openfeature/ofrep-provider` through the gateway, in
/// Node. What they are asked is in `openfeature/test`.
@ExtendWith(SharedServer.class)
class NodeProvidersTest {
  @Test
  void theProvidersOfNpmWork(Server server) throws IOException, InterruptedException {
    var project = NodeProject.copy(Path.of("openfeature"), Path.of("target", "openfeature"));
    project.npm("ci", "--no-audit", "--no-fund", "--loglevel=error");

    var environment =
        Map.of(
            "AGENTSERVER_URL",
            server.url().toString().replaceAll("/$", ""),
            "AGENTSERVER_KEY",
            server.key(1),
            "FLAGD_PORT",
            Integer.toString(server.flagd().getPort()));
    var result = project.run(environment, "npm", "test", "--silent");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("pass 23").contains("fail 0");
  }
}
