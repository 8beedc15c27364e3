package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.BeginStepResponse.Decision;
import dev.agentserver.agentrun.v1.CompleteRunRequest;
import dev.agentserver.agentrun.v1.CompleteStepRequest;
import dev.agentserver.agentrun.v1.FailStepRequest;
import dev.agentserver.agentrun.v1.GetRunGrantRequest;
import dev.agentserver.agentrun.v1.ListStepsRequest;
import dev.agentserver.agentrun.v1.PullInputsRequest;
import dev.agentserver.agentrun.v1.RenewRunTokenRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.RunGrantServiceGrpc;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunStep;
import dev.agentserver.kit.test.TestIdentity;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What workers may do, and what they may do no more.
class FencingTest extends RunTest {
  @Test
  void aStepThatIsDoneIsNotDoneAgainByWhoeverComesNext() {
    var first = begun();
    worker.step(first, "a");
    completeStep(worker, first, "a", "done");
    worker.step(first, "b");
    service.pass(Duration.ofSeconds(61));
    service.pass(Duration.ofSeconds(2));
    var second = acquire(first.getRun());
    var recorded = worker.step(second, "a");
    assertThat(recorded.getDecision()).isEqualTo(Decision.DECISION_RECORDED);
    assertThat(recorded.getStep().getOutput().getStringValue()).isEqualTo("done");
    var repeated = worker.step(second, "b");
    assertThat(repeated.getDecision()).isEqualTo(Decision.DECISION_EXECUTE);
    assertThat(repeated.getStep().getAttempt()).isEqualTo(2);
    assertThat(worker.step(second, "b").getStep()).as("a retry").isEqualTo(repeated.getStep());
    completeStep(worker, second, "b", "too");
    assertThat(worker.complete(second).getStepCount()).isEqualTo(2);
    assertThat(
            alice
                .runs()
                .listSteps(ListStepsRequest.newBuilder().setRunId(first.getRun().getId()).build())
                .getStepsList())
        .extracting(RunStep::getStepKey)
        .containsExactly("a", "b");
  }

  @Test
  void everyWriteOfALostLeaseIsRefusedAndChangesNothing() {
    var lost = begun();
    worker.step(lost, "a");
    service.pass(Duration.ofSeconds(61));
    service.pass(Duration.ofSeconds(2));
    var live = service.person(TENANT, "WORKER").acquire(lost.getRun().getQueue());
    assertThat(live.getLeaseEpoch()).isEqualTo(2);
    var token = service.bearer(lost.getToken().getToken());
    var before = rows();
    for (var late : List.of(worker, token)) {
      writes(late, lost)
          .forEach(
              (name, write) ->
                  assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", write::run)
                      .containsEntry("id", lost.getRun().getId()));
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void whoHasNeverHeldTheLeaseFindsNoRun() {
    var lease = begun();
    var other = service.person(TENANT, "WORKER");
    var foreign = service.bearer(begun().getToken().getToken());
    var elsewhere = service.person(UUID.randomUUID(), "WORKER");
    for (var stranger : List.of(other, alice, bob, foreign, elsewhere)) {
      writes(stranger, lease)
          .forEach((name, write) -> assertProblem(Code.NOT_FOUND, "NOT_FOUND", write::run));
    }
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> alice.acquire("default"));
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_RUNNING);
  }

  @Test
  void theTokenOfALeaseMayDoWhatItsHolderMay() {
    var lease = begun();
    var token = service.bearer(lease.getToken().getToken());
    token.step(lease, "a");
    completeStep(token, lease, "a", "done");
    assertThat(token.heartbeat(lease).getCancelRequested()).isFalse();
    assertThat(token.complete(lease).getState()).isEqualTo(State.STATE_SUCCEEDED);
  }

  @Test
  void theSameRequestGetsTheSameLeaseAsLongAsItLasts() {
    var run = alice.create(wanted());
    var request =
        AcquireRunRequest.newBuilder()
            .addQueues(run.getQueue())
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var lease = worker.work().acquireRun(request).getLease();
    var again = worker.work().acquireRun(request).getLease();
    assertThat(again.getLeaseEpoch()).isEqualTo(lease.getLeaseEpoch());
    assertThat(again.getRun().getId()).isEqualTo(run.getId());
    assertThat(again.getToken().getToken()).isNotEmpty();
    worker.complete(lease);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.work().acquireRun(request));
  }

  @Test
  void anEndIsAnsweredAgainToTheSameRequest() {
    var lease = begun();
    var request =
        CompleteRunRequest.newBuilder()
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .setOutput(Value.newBuilder().setNumberValue(42))
            .setExternalSessionId("sdk-1")
            .setRequestId("end")
            .build();
    var ended = worker.work().completeRun(request);
    assertThat(ended.getOutput().getNumberValue()).isEqualTo(42);
    assertThat(ended.getExternalSessionId()).isEqualTo("sdk-1");
    assertThat(worker.work().completeRun(request)).isEqualTo(ended);
    assertThat(
            service.column(
                "select data ->> 'state' from outbox_fact where subject_id = '%s'"
                    .formatted(ended.getId())))
        .containsExactly("SUCCEEDED");
  }

  @Test
  void toolsAreHeldToTheAgentsVersion() {
    var lease = begun();
    assertThat(worker.tool(lease, "free", FREE).getDecision()).isEqualTo(Decision.DECISION_EXECUTE);
    assertThat(worker.tool(lease, "denied", DENIED).getDecision())
        .isEqualTo(Decision.DECISION_DENIED);
    assertThat(worker.tool(lease, "unknown", UUID.randomUUID()).getDecision())
        .isEqualTo(Decision.DECISION_DENIED);
    assertThat(worker.tool(lease, "denied", DENIED).getDecision())
        .as("asked again")
        .isEqualTo(Decision.DECISION_DENIED);
  }

  @Test
  void aRunWhoseUserIsSuspendedFails() {
    var carol = service.person(TENANT, "MEMBER");
    var own = service.agent(carol, Map.of());
    var run = carol.create(wanted().setAgentId(own.toString()));
    service.suspend(carol);
    assertThat(worker.acquire(run.getQueue()).hasRun()).isFalse();
    assertThat(carol.get(run).getErrorReason()).isEqualTo("USER_NOT_ACTIVE");
  }

  @Test
  void whatARunMayUseIsSaidWhileItsLeaseIsLive() {
    var lease = begun();
    var integration = UUID.randomUUID();
    service.sql(
        """
        insert into agent_integration (tenant_id, agent_id, version, integration_id, position, is_enabled, is_required, settings)
        values ('%s', '%s', 1, '%s', 0, true, false, '{}')"""
            .formatted(TENANT, agent, integration));
    var grants = RunGrantServiceGrpc.newBlockingStub(service.channel(TestIdentity.service()));
    var request =
        GetRunGrantRequest.newBuilder()
            .setTenantId(TENANT.toString())
            .setRunId(lease.getRun().getId())
            .setLeaseEpoch(lease.getLeaseEpoch())
            .build();
    var grant = grants.getRunGrant(request);
    assertThat(grant.getUserId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(grant.getIntegrationIdsList()).containsExactly(integration.toString());
    assertProblem(
        Code.FAILED_PRECONDITION,
        "LEASE_LOST",
        () -> grants.getRunGrant(request.toBuilder().setLeaseEpoch(2).build()));
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () ->
            grants.getRunGrant(
                request.toBuilder().setTenantId(UUID.randomUUID().toString()).build()));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> RunGrantServiceGrpc.newBlockingStub(worker.channel()).getRunGrant(request));
    worker.complete(lease);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> grants.getRunGrant(request));
  }

  private static void completeStep(Person who, RunLease lease, String key, String output) {
    who.work()
        .completeStep(
            CompleteStepRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .setStepKey(key)
                .setOutput(Value.newBuilder().setStringValue(output))
                .build());
  }

  /// Everything that the holder of a lease may call.
  private static Map<String, Runnable> writes(Person who, RunLease lease) {
    var id = lease.getRun().getId();
    var epoch = lease.getLeaseEpoch();
    var writes = new LinkedHashMap<String, Runnable>();
    writes.put("heartbeat", () -> who.heartbeat(lease));
    writes.put(
        "renewRunToken",
        () ->
            who.work()
                .renewRunToken(
                    RenewRunTokenRequest.newBuilder().setRunId(id).setLeaseEpoch(epoch).build()));
    writes.put(
        "pullInputs",
        () ->
            who.work()
                .pullInputs(
                    PullInputsRequest.newBuilder().setRunId(id).setLeaseEpoch(epoch).build()));
    writes.put("beginStep", () -> who.step(lease, "late"));
    writes.put("beginStep again", () -> who.step(lease, "a"));
    writes.put("completeStep", () -> completeStep(who, lease, "a", "late"));
    writes.put(
        "failStep",
        () ->
            who.work()
                .failStep(
                    FailStepRequest.newBuilder()
                        .setRunId(id)
                        .setLeaseEpoch(epoch)
                        .setStepKey("a")
                        .setReason("LATE")
                        .build()));
    writes.put(
        "requestInterrupt",
        () ->
            who.work()
                .requestInterrupt(
                    RequestInterruptRequest.newBuilder()
                        .setRunId(id)
                        .setLeaseEpoch(epoch)
                        .setKind(RunInterrupt.Kind.KIND_QUESTION)
                        .setPrompt("late?")
                        .build()));
    writes.put("completeRun", () -> who.complete(lease));
    writes.put("failRun", () -> who.fail(lease, true));
    writes.put("failRun for good", () -> who.fail(lease, false));
    writes.put("releaseRun", () -> who.release(lease));
    return writes;
  }

  private List<String> rows() {
    return service.column(
        """
        select r::text from run r union all select s::text from run_step s union all select i::text from run_interrupt i
        union all select l::text from run_lease l union all select e::text from run_event e order by 1""");
  }
}
