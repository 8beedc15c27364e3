package dev.agentserver.agentrun.agent;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.AgentServiceGrpc.AgentServiceBlockingStub;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.UpdateAgentRequest;
import dev.agentserver.kit.test.Problems;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// No agent answers at greater length than the installation allows and its model gives.
class TokenLimitTest {
  @Test
  void anAgentThatAsksForMoreIsNotMadeNotChangedAndNotRun() {
    var live = Map.of("AGENT_MAX_TOKENS", "100", "AGENT_DEFAULT_MAX_TOKENS", "200");
    try (var service = Harness.start(live)) {
      var channel = service.channel(service.caller(UUID.randomUUID(), "MEMBER"));
      var agents = AgentServiceGrpc.newBlockingStub(channel);
      refused("agent.config.max_tokens", () -> create(agents, 101));
      var agent = create(agents, 100);
      var more =
          UpdateAgentRequest.newBuilder()
              .setAgent(Agent.newBuilder().setId(agent.getId()).setConfig(config(101)))
              .build();
      refused("agent.config.max_tokens", () -> agents.updateAgent(more));
      assertThat(agents.createAgent(named()).getConfig().getMaxTokens())
          .as("what nobody asked for is cut")
          .isEqualTo(100);

      var runs = RunServiceGrpc.newBlockingStub(channel);
      var run = CreateRunRequest.newBuilder().setAgentId(agent.getId()).build();
      assertThat(runs.createRun(run).getRun().getAgentVersion()).isEqualTo(1);
      // It was made when more was allowed.
      service.sql(
          "update agent_version set max_tokens = 101 where agent_id = '%s'"
              .formatted(agent.getId()));
      refused("agent_id", () -> runs.createRun(run));
    }
  }

  @Test
  void anAgentThatAsksForMoreThanItsModelGivesIsNotMade() {
    try (var service = Harness.start(Map.of("AGENT_DEFAULT_MAX_TOKENS", "200"))) {
      service.settings().model("acme", "large", 0);
      service.settings().model("acme", "small", 100);
      service.settings().model("other", "small", 50);
      var agents =
          AgentServiceGrpc.newBlockingStub(
              service.channel(service.caller(UUID.randomUUID(), "MEMBER")));
      var small = named().toBuilder();
      var config = small.getAgentBuilder().getConfigBuilder();
      config.setProvider("acme").setModel("small").setMaxTokens(101);
      refused("agent.config.max_tokens", () -> agents.createAgent(small.build()));
      config.setMaxTokens(100);
      var agent = agents.createAgent(small.build());
      var change = UpdateAgentRequest.newBuilder().setAgent(agent.toBuilder());
      change.getAgentBuilder().getConfigBuilder().setMaxTokens(101);
      change.setUpdateMask(FieldMask.newBuilder().addPaths("config"));
      refused("agent.config.max_tokens", () -> agents.updateAgent(change.build()));
      config.setModel("large").setMaxTokens(101);
      assertThat(agents.createAgent(small.build()).getConfig().getMaxTokens()).isEqualTo(101);
      config.setModel("unheard-of");
      assertThat(agents.createAgent(small.build()).getConfig().getMaxTokens()).isEqualTo(101);
    }
  }

  private static Problems refused(String field, ThrowingCallable call) {
    return assertProblem(Code.INVALID_ARGUMENT, "TOKEN_LIMIT_EXCEEDED", call)
        .containsEntry("field", field)
        .containsEntry("limit", "100")
        .field(field);
  }

  private static Agent create(AgentServiceBlockingStub agents, int maxTokens) {
    var request = named().toBuilder();
    request.getAgentBuilder().setConfig(config(maxTokens));
    return agents.createAgent(request.build());
  }

  private static CreateAgentRequest named() {
    return CreateAgentRequest.newBuilder().setAgent(Agent.newBuilder().setName("one")).build();
  }

  private static AgentConfig config(int maxTokens) {
    return AgentConfig.newBuilder().setMaxTokens(maxTokens).build();
  }
}
