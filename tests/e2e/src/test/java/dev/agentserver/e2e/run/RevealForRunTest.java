package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.settings.v1.RevealForRunRequest;
import dev.agentserver.settings.v1.RevealResponse;
import dev.agentserver.settings.v1.RevealedSecret;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The secrets of the outside world, for real runs: through the gateway, by gRPC, for what the
/// agent's pinned version names, as long as somebody holds the run.
@ExtendWith(SharedServer.class)
class RevealForRunTest {
  private static final String METHOD = "/agentserver.settings.v1.SecretAccessService/RevealForRun";

  private final Server server;
  private final String name = "n" + UUID.randomUUID();

  private User owner;
  private String integration;
  private String provider;

  RevealForRunTest(Server server) {
    this.server = server;
  }

  @BeforeEach
  void connect() {
    owner = User.owner(server, 1);
    integration = made("/v1/integrations", "{\"name\": \"%s\"}", name);
    provider = made("/v1/providers", "{\"name\": \"%s\"}", name);
    keep("integration_id", integration, "secret of the integration");
    keep("provider_id", provider, "secret of the provider");
  }

  private String made(String path, String body, Object... values) {
    return json(path, body.formatted(values)).path("id").asText();
  }

  private JsonNode json(String path, String body) {
    return owner.http().post(path, body).expect(201).json();
  }

  private void keep(String reference, String id, String secret) {
    made(
        "/v1/credentials",
        "{\"%s\": \"%s\", \"field\": \"token\", \"value\": \"%s\"}",
        reference,
        id,
        secret);
  }

  /// A run in a worker's hands.
  private RunLease run(String config) {
    var agent = made("/v1/agents", "{\"name\": \"reader\", \"config\": {%s}}", config);
    made("/v1/runs", "{\"agent_id\": \"%s\", \"queue\": \"%s\"}", agent, name);
    var request = AcquireRunRequest.newBuilder().addQueues(name).setRequestId(name + agent);
    return owner.grpc().call(WorkerServiceGrpc.getAcquireRunMethod(), request.build()).getLease();
  }

  private RunLease reader() {
    return run(
        "\"provider\": \"%s\", \"integrations\": [{\"integration_id\": \"%s\"}]"
            .formatted(name, integration));
  }

  private static RevealForRunRequest ofIntegration(String id) {
    return RevealForRunRequest.newBuilder().setIntegrationId(id).build();
  }

  private static RevealForRunRequest ofProvider(String id) {
    return RevealForRunRequest.newBuilder().setProviderId(id).build();
  }

  private static List<String> reveal(User user, RevealForRunRequest request) {
    RevealResponse reply =
        user.grpc().call(SecretAccessServiceGrpc.getRevealForRunMethod(), request);
    return reply.getSecretsList().stream().map(RevealedSecret::getValue).toList();
  }

  private static String refused(User user, RevealForRunRequest request) {
    return Grpc.failure(() -> reveal(user, request)).reason();
  }

  @Test
  void aLiveRunGetsWhatItsAgentNames() {
    var worker = User.bearing(server, reader().getToken().getToken());

    assertThat(reveal(worker, ofIntegration(integration)))
        .containsExactly("secret of the integration");
    assertThat(reveal(worker, ofProvider(provider))).containsExactly("secret of the provider");

    var another = User.bearing(server, run("").getToken().getToken());
    assertThat(refused(another, ofIntegration(integration))).isEqualTo("PERMISSION_DENIED");
    assertThat(refused(another, ofProvider(provider))).isEqualTo("PERMISSION_DENIED");
    assertThat(refused(owner, ofIntegration(integration))).isEqualTo("PERMISSION_DENIED");
    assertThat(refused(User.member(server), ofProvider(provider))).isEqualTo("PERMISSION_DENIED");
    assertThat(refused(User.anonymous(server), ofProvider(provider))).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void afterTheLeaseNothingIsGivenAway() {
    var lease = reader();
    var worker = User.bearing(server, lease.getToken().getToken());
    assertThat(reveal(worker, ofIntegration(integration))).hasSize(1);
    worker
        .grpc()
        .call(
            WorkerServiceGrpc.getCompleteRunMethod(),
            CompleteRunRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .build());

    assertThat(refused(worker, ofIntegration(integration))).isEqualTo("LEASE_LOST");
  }

  @Test
  void nothingButGrpcReachesIt() {
    var worker = User.bearing(server, reader().getToken().getToken());
    var request = ofIntegration(integration);
    var json = "{\"integration_id\": \"%s\"}".formatted(integration);

    var rest = worker.http().post(METHOD, json);
    assertThat(rest.status()).isEqualTo(501);
    assertThat(rest.body()).contains("GRPC_ONLY").doesNotContain("secret of");
    var frame =
        ByteBuffer.allocate(5 + request.getSerializedSize())
            .put((byte) 0)
            .putInt(request.getSerializedSize())
            .put(request.toByteArray())
            .array();
    var web =
        worker
            .http()
            .with("content-type", "application/grpc-web+proto")
            .send("POST", METHOD, frame);
    assertThat(web.header("grpc-status")).contains("12");
    assertThat(web.body()).doesNotContain("secret of");
  }
}
