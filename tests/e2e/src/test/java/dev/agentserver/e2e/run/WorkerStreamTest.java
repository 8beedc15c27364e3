package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.WorkStreamAcquire;
import dev.agentserver.agentrun.v1.WorkStreamOpen;
import dev.agentserver.agentrun.v1.WorkStreamRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import io.grpc.StatusException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A worker at its stream, through the gateway.
@ExtendWith(SharedServer.class)
class WorkerStreamTest {
  private final Server server;
  private final String queue = "q" + UUID.randomUUID();

  WorkerStreamTest(Server server) {
    this.server = server;
  }

  @Test
  void runsComeDownAndWhatIsWantedOfThemComesAtOnce() throws StatusException, InterruptedException {
    var ann = User.member(server).http();
    var stream = User.owner(server, 1).grpc().open(WorkerServiceGrpc.getWorkStreamMethod());
    try {
      stream.write(
          WorkStreamRequest.newBuilder()
              .setOpen(WorkStreamOpen.newBuilder().addQueues(queue))
              .build());
      assertThat(stream.read().hasAlive()).isTrue();
      stream.write(
          WorkStreamRequest.newBuilder()
              .setAcquire(WorkStreamAcquire.newBuilder().addRequestIds(queue))
              .build());
      var agent = ann.post("/v1/agents", "{\"name\": \"guide\"}").expect(201).json();
      var run =
          ann.post(
                  "/v1/runs",
                  "{\"agent_id\": \"%s\", \"queue\": \"%s\"}"
                      .formatted(agent.path("id").asText(), queue))
              .expect(201)
              .json()
              .path("run")
              .path("id")
              .asText();
      var leased = stream.read().getLeased();
      assertThat(leased.getRequestId()).isEqualTo(queue);
      assertThat(leased.getLease().getRun().getId()).isEqualTo(run);
      ann.post("/v1/runs/" + run + ":cancel", "{}").expect(200);
      assertThat(stream.read().getCommand().getWanted().getCancelRequested()).isTrue();
    } finally {
      stream.cancel("seen enough", null);
    }
  }
}
