package dev.agentserver.agentrun.agent;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.DeleteAgentRequest;
import dev.agentserver.agentrun.v1.ListAgentsRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentLimitTest {
  @Test
  void twentyCreatesAtOnceMakeExactlyAsManyAsAUserMayOwn() throws Exception {
    try (var service = Harness.start(java.util.Map.of("MAX_AGENTS_PER_USER", "5"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tenant = UUID.randomUUID();
      var agents =
          AgentServiceGrpc.newBlockingStub(service.channel(service.caller(tenant, "MEMBER")));
      var request =
          CreateAgentRequest.newBuilder().setAgent(Agent.newBuilder().setName("one")).build();
      var start = new CountDownLatch(1);
      var attempts =
          IntStream.range(0, 20)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            start.await();
                            try {
                              agents.createAgent(request);
                              return Code.OK;
                            } catch (StatusRuntimeException refused) {
                              return refused.getStatus().getCode();
                            }
                          }))
              .toList();
      start.countDown();
      var made = 0;
      for (var attempt : attempts) {
        var code = attempt.get();
        assertThat(code).isIn(Code.OK, Code.RESOURCE_EXHAUSTED);
        made += code == Code.OK ? 1 : 0;
      }

      assertThat(made).isEqualTo(5);
      var all = agents.listAgents(ListAgentsRequest.getDefaultInstance());
      assertThat(all.getAgentsList()).hasSize(5);
      assertProblem(
              Code.RESOURCE_EXHAUSTED, "AGENT_LIMIT_EXCEEDED", () -> agents.createAgent(request))
          .containsEntry("limit", "5");
      agents.deleteAgent(
          DeleteAgentRequest.newBuilder().setAgentId(all.getAgents(0).getId()).build());
      assertThat(agents.createAgent(request).getId()).isNotEmpty();
    }
  }

  @Test
  void whatANewAgentDoesNotSayIsTheInstallationsDefault() {
    var environment =
        java.util.Map.of(
            "AGENT_DEFAULT_MODEL", "m",
            "AGENT_DEFAULT_PROVIDER", "p",
            "AGENT_DEFAULT_TEMPERATURE", "0.5",
            "AGENT_DEFAULT_MAX_TOKENS", "100");
    try (var service = Harness.start(environment)) {
      var agents =
          AgentServiceGrpc.newBlockingStub(
              service.channel(service.caller(UUID.randomUUID(), "MEMBER")));
      var request = CreateAgentRequest.newBuilder().setAgent(Agent.newBuilder().setName("one"));
      var plain = agents.createAgent(request.build()).getConfig();
      request.getAgentBuilder().getConfigBuilder().setModel("own").setTemperature(0);
      var own = agents.createAgent(request.build()).getConfig();

      assertThat(plain.getModel()).isEqualTo("m");
      assertThat(plain.getProvider()).isEqualTo("p");
      assertThat(plain.getTemperature()).isEqualTo(0.5);
      assertThat(plain.getMaxTokens()).isEqualTo(100);
      assertThat(own.getModel()).isEqualTo("own");
      assertThat(own.getProvider()).isEmpty();
      assertThat(own.getTemperature()).isZero();
    }
  }
}
