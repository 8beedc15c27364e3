package dev.agentserver.agentrun.run;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.BeginStepResponse.Decision;
import dev.agentserver.agentrun.v1.CancelRunRequest;
import dev.agentserver.agentrun.v1.ListInterruptsRequest;
import dev.agentserver.agentrun.v1.RequestInterruptRequest;
import dev.agentserver.agentrun.v1.ResolveInterruptRequest;
import dev.agentserver.agentrun.v1.Run.State;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunLease;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What happens by the passing of time, which a test decides.
class TimeTest extends RunTest {
  @Test
  void aRunWhoseWorkerIsNotHeardOfIsBegunAgainWhileAttemptsRemain() {
    var run = alice.create(wanted().setMaxAttempts(2));
    var first = acquire(run);
    service.pass(Duration.ofSeconds(59));
    assertThat(state(run)).isEqualTo(State.STATE_RUNNING);
    worker.heartbeat(first);
    service.pass(Duration.ofSeconds(59));
    assertThat(state(run)).as("it was heard of").isEqualTo(State.STATE_RUNNING);
    service.pass(Duration.ofSeconds(2));
    assertThat(state(run)).isEqualTo(State.STATE_QUEUED);
    service.pass(Duration.ofSeconds(2));
    var second = acquire(run);
    assertThat(second.getLeaseEpoch()).isEqualTo(2);
    assertThat(second.getRun().getAttempt()).isEqualTo(2);
    service.pass(Duration.ofSeconds(61));
    assertThat(alice.get(run).getErrorReason()).isEqualTo("LEASE_LOST");
    assertThat(state(run)).isEqualTo(State.STATE_FAILED);
  }

  @Test
  void thePauseBetweenAttemptsIsDrawnFromAWindowThatDoubles() {
    var run = alice.create(wanted().setMaxAttempts(4));
    for (var attempt = 1; attempt < 4; attempt++) {
      worker.fail(acquire(run), true);
      var pause =
          Double.parseDouble(
              service
                  .column(
                      "select extract(epoch from eligible_at - updated_at) from run where run_id = '%s'"
                          .formatted(run.getId()))
                  .getFirst());
      assertThat(pause).isBetween(-0.1, Math.pow(2, attempt) + 0.1);
      service.pass(Duration.ofSeconds(1 << attempt));
    }
    assertThat(worker.fail(acquire(run), true).getState()).isEqualTo(State.STATE_FAILED);
    var limits = RunLimits.defaults();
    assertThat(limits.pauseAfter(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(limits.pauseAfter(3)).isEqualTo(Duration.ofSeconds(8));
    assertThat(limits.pauseAfter(100)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aRunEndsAtItsDeadlineWhereverItIs() {
    var timeout = com.google.protobuf.Duration.newBuilder().setSeconds(30);
    var waiting = alice.create(wanted().setTimeout(timeout));
    var running = acquire(alice.create(wanted().setTimeout(timeout)));
    service.pass(Duration.ofSeconds(31));
    assertThat(state(waiting)).isEqualTo(State.STATE_TIMED_OUT);
    assertThat(state(running.getRun())).isEqualTo(State.STATE_TIMED_OUT);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.complete(running));
  }

  @Test
  void aWorkerThatDoesNotEndACancelledRunIsFencedAfterTheGrace() {
    var lease = begun();
    var id = lease.getRun().getId();
    var cancelled = alice.runs().cancelRun(CancelRunRequest.newBuilder().setRunId(id).build());
    assertThat(cancelled.getState()).isEqualTo(State.STATE_CANCELLING);
    service.pass(Duration.ofSeconds(20));
    assertThat(worker.heartbeat(lease).getCancelRequested()).isTrue();
    service.pass(Duration.ofSeconds(11));
    assertThat(state(lease.getRun()))
        .as("a heartbeat gives no more time")
        .isEqualTo(State.STATE_CANCELLED);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.heartbeat(lease));
  }

  @Test
  void aRunWaitsForAnApprovalForAnHourAndGoesOn() {
    var run = alice.create(wanted());
    var lease = acquire(run);
    var asked = worker.tool(lease, "deploy", ASKED);
    assertThat(asked.getDecision()).isEqualTo(Decision.DECISION_APPROVAL_REQUIRED);
    assertThat(state(run)).isEqualTo(State.STATE_REQUIRES_ACTION);
    assertProblem(Code.FAILED_PRECONDITION, "LEASE_LOST", () -> worker.heartbeat(lease));
    service.pass(Duration.ofHours(1));
    assertThat(state(run)).isEqualTo(State.STATE_REQUIRES_ACTION);
    var interrupt =
        alice
            .runs()
            .listInterrupts(ListInterruptsRequest.newBuilder().setRunId(run.getId()).build())
            .getInterrupts(0);
    assertThat(interrupt).isEqualTo(asked.getInterrupt());
    var answer =
        ResolveInterruptRequest.newBuilder()
            .setRunId(run.getId())
            .setInterruptId(interrupt.getId())
            .setApproved(true)
            .setRequestId("yes")
            .build();
    var resolved = alice.runs().resolveInterrupt(answer);
    assertThat(resolved.getResolvedBy()).isEqualTo(alice.caller().principalId().toString());
    assertThat(alice.runs().resolveInterrupt(answer)).isEqualTo(resolved);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INTERRUPT_ENDED",
        () -> alice.runs().resolveInterrupt(answer.toBuilder().setRequestId("more").build()));
    var next = acquire(run);
    assertThat(worker.tool(next, "deploy", ASKED).getDecision())
        .isEqualTo(Decision.DECISION_EXECUTE);
  }

  @Test
  void aToolThatAPersonRefusedIsNotCalled() {
    var run = alice.create(wanted());
    var asked = worker.tool(acquire(run), "deploy", ASKED);
    alice
        .runs()
        .resolveInterrupt(
            ResolveInterruptRequest.newBuilder()
                .setRunId(run.getId())
                .setInterruptId(asked.getInterrupt().getId())
                .build());
    var denied = worker.tool(acquire(run), "deploy", ASKED);
    assertThat(denied.getDecision()).isEqualTo(Decision.DECISION_DENIED);
    assertThat(denied.getStep().getErrorReason()).isEqualTo("TOOL_DENIED");
  }

  @Test
  void aQuestionThatNobodyAnswersFailsTheRun() {
    var lease = begun();
    var question = question(lease);
    service.pass(Duration.ofMinutes(11));
    assertThat(state(lease.getRun())).isEqualTo(State.STATE_FAILED);
    assertThat(alice.get(lease.getRun()).getErrorReason()).isEqualTo("INTERRUPT_EXPIRED");
    var listed =
        alice
            .runs()
            .listInterrupts(
                ListInterruptsRequest.newBuilder().setRunId(lease.getRun().getId()).build())
            .getInterrupts(0);
    assertThat(listed.getState()).isEqualTo(RunInterrupt.State.STATE_EXPIRED);
    assertProblem(
            Code.FAILED_PRECONDITION,
            "INTERRUPT_ENDED",
            () ->
                alice
                    .runs()
                    .resolveInterrupt(
                        ResolveInterruptRequest.newBuilder()
                            .setRunId(lease.getRun().getId())
                            .setInterruptId(question.getId())
                            .build()))
        .containsEntry("state", "EXPIRED");
  }

  @Test
  void whoExecutesARunItselfGoesOnWithTheSameLease() {
    var created =
        alice
            .runs()
            .createRun(
                dev.agentserver.agentrun.v1.CreateRunRequest.newBuilder()
                    .setAgentId(agent.toString())
                    .setSelfExecute(true)
                    .build())
            .getLease();
    var asked = alice.tool(created, "deploy", ASKED);
    alice
        .runs()
        .resolveInterrupt(
            ResolveInterruptRequest.newBuilder()
                .setRunId(created.getRun().getId())
                .setInterruptId(asked.getInterrupt().getId())
                .setApproved(true)
                .build());
    assertThat(alice.tool(created, "deploy", ASKED).getDecision())
        .isEqualTo(Decision.DECISION_EXECUTE);
    service.pass(Duration.ofSeconds(61));
    assertThat(alice.get(created.getRun()).getErrorReason()).isEqualTo("LEASE_LOST");
  }

  private RunInterrupt question(RunLease lease) {
    return worker
        .work()
        .requestInterrupt(
            RequestInterruptRequest.newBuilder()
                .setRunId(lease.getRun().getId())
                .setLeaseEpoch(lease.getLeaseEpoch())
                .setKind(RunInterrupt.Kind.KIND_QUESTION)
                .setPrompt("which one?")
                .setPayload(Value.newBuilder().setStringValue("a or b"))
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(600))
                .build());
  }
}
