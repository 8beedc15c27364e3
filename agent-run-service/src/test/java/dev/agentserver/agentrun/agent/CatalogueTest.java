package dev.agentserver.agentrun.agent;

import static dev.agentserver.kit.test.Problems.assertProblem;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.AgentServiceGrpc.AgentServiceBlockingStub;
import dev.agentserver.agentrun.v1.AgentTemplateServiceGrpc;
import dev.agentserver.agentrun.v1.AgentTemplateServiceGrpc.AgentTemplateServiceBlockingStub;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.GetAgentRequest;
import dev.agentserver.kit.identity.Caller;
import io.grpc.Status.Code;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A catalogue with people in it, for each test class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CatalogueTest {
  static final UUID TENANT = UUID.randomUUID();

  Harness service;
  Caller aliceCaller;
  AgentServiceBlockingStub alice;
  AgentServiceBlockingStub bob;

  @BeforeAll
  void start() {
    service = Harness.start();
    aliceCaller = service.caller(TENANT, "MEMBER");
    alice = agents(aliceCaller);
    bob = agents(service.caller(TENANT, "MEMBER"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  AgentServiceBlockingStub agents(Caller caller) {
    return AgentServiceGrpc.newBlockingStub(service.channel(caller));
  }

  AgentTemplateServiceBlockingStub templates(Caller caller) {
    return AgentTemplateServiceGrpc.newBlockingStub(service.channel(caller));
  }

  static Agent create(AgentServiceBlockingStub somebody, Agent.Builder agent) {
    return somebody.createAgent(CreateAgentRequest.newBuilder().setAgent(agent).build());
  }

  static Agent create(AgentServiceBlockingStub somebody, String name) {
    return create(somebody, Agent.newBuilder().setName(name));
  }

  static Agent get(AgentServiceBlockingStub somebody, String id) {
    return somebody.getAgent(GetAgentRequest.newBuilder().setAgentId(id).build());
  }

  static void assertGone(AgentServiceBlockingStub somebody, String id) {
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(somebody, id));
  }
}
