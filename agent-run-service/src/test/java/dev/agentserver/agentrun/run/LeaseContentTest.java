package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.AgentTool.Permission;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.GetRunGrantRequest;
import dev.agentserver.agentrun.v1.MultitaskStrategy;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.RunGrantServiceGrpc;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunTool;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.v1.Tool;
import io.grpc.Status.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a worker is given with a run.
class LeaseContentTest extends RunTest {
  private static final Struct OBJECT =
      Struct.newBuilder()
          .putFields("type", Value.newBuilder().setStringValue("object").build())
          .build();

  private Tool.Builder tool(UUID id, String name) {
    return Tool.newBuilder()
        .setId(id.toString())
        .setName(name)
        .setDescription("Does " + name)
        .setInputSchema(OBJECT)
        .setActive(true)
        .setVersion(3);
  }

  private RunLease leaseOf(UUID agent) {
    return acquire(alice.create(wanted().setAgentId(agent.toString())));
  }

  @Test
  void theToolsOfTheAgentAreThereAndThoseThatCannotBeAreNamed() {
    var ids = Map.of("free", UUID.randomUUID(), "asked", UUID.randomUUID());
    var integration = UUID.randomUUID();
    service
        .settings()
        .keep(tool(ids.get("free"), "free").setIntegrationId(integration.toString()).build());
    service.settings().keep(tool(ids.get("asked"), "asked").build());
    var unused = UUID.randomUUID();
    service.settings().keep(tool(unused, "unused").setActive(false).build());
    var gone = UUID.randomUUID();
    var tools = new LinkedHashMap<UUID, String>();
    tools.put(ids.get("free"), "ALLOW");
    tools.put(unused, "ALLOW");
    tools.put(ids.get("asked"), "ASK");
    tools.put(gone, "DENY");
    var agent = service.agent(alice, tools);
    service.sql(
        "update agent_tool set custom_config = '{\"region\": \"eu\"}' where tool_id = '%s'"
            .formatted(ids.get("free")));

    var lease = leaseOf(agent);

    assertThat(lease.getToolsList())
        .extracting(RunTool::getName, RunTool::getPermission)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("free", Permission.PERMISSION_ALLOW),
            org.assertj.core.groups.Tuple.tuple("asked", Permission.PERMISSION_ASK));
    var free = lease.getTools(0);
    assertThat(free.getToolId()).isEqualTo(ids.get("free").toString());
    assertThat(free.getDescription()).isEqualTo("Does free");
    assertThat(free.getInputSchema()).isEqualTo(OBJECT);
    assertThat(free.getVersion()).isEqualTo(3);
    assertThat(free.getIntegrationId()).isEqualTo(integration.toString());
    assertThat(free.getCustomConfig().getFieldsOrThrow("region").getStringValue()).isEqualTo("eu");
    assertThat(lease.getOmittedToolIdsList()).containsExactly(unused.toString(), gone.toString());
    var grant =
        RunGrantServiceGrpc.newBlockingStub(service.channel(TestIdentity.service()))
            .getRunGrant(
                GetRunGrantRequest.newBuilder()
                    .setTenantId(TENANT.toString())
                    .setRunId(lease.getRun().getId())
                    .setLeaseEpoch(lease.getLeaseEpoch())
                    .build());
    assertThat(grant.getToolIdsList())
        .containsExactlyElementsOf(tools.keySet().stream().map(UUID::toString).toList());
  }

  @Test
  void whatDoesNotFitIsLeftToBeRead() {
    var tools = new LinkedHashMap<UUID, String>();
    var large = "x".repeat(1_900_000);
    for (var i = 0; i < 3; i++) {
      var id = UUID.randomUUID();
      service.settings().keep(tool(id, "large" + i).setDescription(large).build());
      tools.put(id, "ALLOW");
    }
    var lease = leaseOf(service.agent(alice, tools));
    assertThat(lease.getToolsCount()).isEqualTo(2);
    assertThat(lease.getOmittedToolIdsCount()).isEqualTo(1);
  }

  @Test
  void withoutAnAnswerAboutToolsTheLeaseIsHadByAskingAgain() {
    var run = alice.create(wanted());
    var request =
        AcquireRunRequest.newBuilder()
            .addQueues(run.getQueue())
            .setRequestId(UUID.randomUUID().toString())
            .build();
    service.settings().away(true);
    try {
      assertProblem(Code.UNAVAILABLE, "UNAVAILABLE", () -> worker.work().acquireRun(request))
          .containsEntry("dependency", "settings-service");
    } finally {
      service.settings().away(false);
    }
    var lease = worker.work().acquireRun(request).getLease();
    assertThat(lease.getRun().getId()).isEqualTo(run.getId());
    assertThat(lease.getLeaseEpoch()).as("the same").isEqualTo(1);
    assertThat(lease.getRun().getAttempt()).isEqualTo(1);
  }

  @Test
  void theSessionAndTheRunBeforeAreKnown() {
    var session = UUID.randomUUID();
    service.sql(
        """
        insert into session (tenant_id, session_id, owner_id, slug, title, type, state, phase, working_dir, git_branch,
          open_interrupts, run_count, input_tokens, output_tokens, cost, active_ms, metadata, version, activity, created_at,
          updated_at, last_activity_at, expires_at)
        values ('%s', '%s', '%s', 's', 'S', 'FULL', 'ACTIVE', 'BUILD', '/work', 'topic', 0, 0, 0, 0, 0, 0, '{}', 1, 0, now(),
          now(), now(), now() + interval '1 day')"""
            .formatted(TENANT, session, alice.caller().principalId()));
    var first = acquire(alice.create(wanted().setSessionId(session.toString())));
    assertThat(first.getSession().getType()).isEqualTo(Session.Type.TYPE_FULL);
    assertThat(first.getSession().getPhase()).isEqualTo(Phase.PHASE_BUILD);
    assertThat(first.getSession().getWorkingDir()).isEqualTo("/work");
    assertThat(first.getSession().getGitBranch()).isEqualTo("topic");
    assertThat(first.getPreviousExternalSessionId()).isEmpty();
    complete(first, "sdk-1");
    var second = acquire(alice.create(wanted().setSessionId(session.toString())));
    assertThat(second.getPreviousExternalSessionId()).isEqualTo("sdk-1");
    assertThat(second.getRun().getExternalSessionId()).isEmpty();
    worker.complete(second);
    var third = acquire(alice.create(wanted().setSessionId(session.toString())));
    assertThat(third.getPreviousExternalSessionId()).as("two before").isEqualTo("sdk-1");
    worker.complete(third);
    var otherAgent = service.agent(alice, Map.of());
    var other = wanted().setSessionId(session.toString()).setAgentId(otherAgent.toString());
    assertThat(acquire(alice.create(other)).getPreviousExternalSessionId())
        .as("it is of no use to another agent")
        .isEmpty();
  }

  @Test
  void withoutASessionTheConversationCounts() {
    var conversation = UUID.randomUUID();
    var wanted = in(conversation, MultitaskStrategy.MULTITASK_STRATEGY_REJECT);
    var first = acquire(alice.create(wanted.clone()));
    assertThat(first.hasSession()).isFalse();
    complete(first, "sdk-2");
    assertThat(acquire(alice.create(wanted.clone())).getPreviousExternalSessionId())
        .isEqualTo("sdk-2");
  }

  private void complete(RunLease lease, String externalSessionId) {
    worker
        .work()
        .completeRun(
            CompleteRunRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .setExternalSessionId(externalSessionId)
                .build());
  }
}
