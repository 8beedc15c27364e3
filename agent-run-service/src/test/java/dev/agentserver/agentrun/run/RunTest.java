package dev.agentserver.agentrun.run;

import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.Run;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// Runs of a user and a worker, with a database of its own for each test class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunTest {
  static final UUID TENANT = UUID.randomUUID();
  static final UUID FREE = UUID.randomUUID();
  static final UUID ASKED = UUID.randomUUID();
  static final UUID DENIED = UUID.randomUUID();

  RunHarness service;
  Person alice;
  Person bob;
  Person worker;
  UUID agent;

  @BeforeAll
  void start() {
    service = new RunHarness();
    alice = service.person(TENANT, "MEMBER");
    bob = service.person(TENANT, "MEMBER");
    worker = service.person(TENANT, "WORKER");
    agent = service.agent(alice, Map.of(FREE, "ALLOW", ASKED, "ASK", DENIED, "DENY"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /// A request for a run in a queue that no other test looks into.
  CreateRunRequest.Builder wanted() {
    return CreateRunRequest.newBuilder()
        .setAgentId(agent.toString())
        .setQueue(UUID.randomUUID().toString());
  }

  CreateRunRequest.Builder in(UUID conversation, MultitaskStrategy strategy) {
    return wanted().setConversationId(conversation.toString()).setMultitaskStrategy(strategy);
  }

  dev.agentserver.agentrun.v1.RunLease begun() {
    return acquire(alice.create(wanted()));
  }

  dev.agentserver.agentrun.v1.RunLease acquire(Run run) {
    return worker.acquire(run.getQueue());
  }

  Run.State state(Run run) {
    return alice.get(run).getState();
  }
}
